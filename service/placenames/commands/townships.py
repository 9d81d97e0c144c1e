"""Moves the places of a merged township to the other one; namesakes get qualifiers."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.clock import today
from service.divisions.register import DivisionRow
from service.placenames.commands.places import lock_places

_TOWNSHIP = 4
_LYING_THERE = text(
    "select t.id, t.place_id, t.county, t.folded, t.kind, t.qualifier, p.number "
    "from place_township t join place_name p on p.id = t.place_id "
    "where t.valid_to is null and t.township = any(:codes) order by t.id for update of t"
)
_CODES = text("select code from division where id = any(:ids) and level = 4")
_TAKEN = text(
    "select id, place_id, qualifier from place_township where valid_to is null "
    "and county = :county and folded = :folded and kind = :kind and township = :township"
)
_CLOSE = text("update place_township set valid_to = :today where id = :id")
_OPEN = text(
    "insert into place_township "
    "(place_id, county, kind, folded, township, qualifier, note, valid_from) "
    "values (:place_id, :county, :kind, :folded, :township, :qualifier, :note, :today)"
)
_MOVE = text(
    "update place_name set changed_at = clock_timestamp(), division_id = "
    "case when division_id = any(:ids) then :target else division_id end where id = any(:places)"
)
"""Its townships belong to a place's record: the version is raised, wherever it lies."""


def follow_township(
    session: Session, ids: Sequence[int], target: DivisionRow, former_name: str
) -> int:
    """Move the places of a merged township to the other; return how many moved.

    A place with a namesake there gets the former township as its qualifier, so that texts with
    the old township still lead to its own doors. Doing it again changes nothing.
    """
    if target.level != _TOWNSHIP:
        return 0
    lock_places(session, target.code[:6])
    codes = session.execute(_CODES, {"ids": list(ids)}).scalars().all()
    moving = session.execute(_LYING_THERE, {"codes": [c for c in codes if c != target.code]}).all()
    day = today()
    for row in moving:
        where = {
            "county": row.county,
            "folded": row.folded,
            "kind": row.kind,
            "township": target.code,
        }
        taken = session.execute(_TAKEN, where).all()
        session.execute(_CLOSE, {"id": row.id, "today": day})
        if any(one.place_id == row.place_id for one in taken):
            continue  # it lay in both townships
        qualifiers = {one.qualifier for one in taken}
        qualifier = former_name if row.qualifier in qualifiers else row.qualifier
        values = where | {"place_id": row.place_id, "qualifier": qualifier}
        session.execute(_OPEN, values | {"note": f"原属{former_name}", "today": day})
    lying = {"places": [row.place_id for row in moving], "ids": list(ids), "target": target.id}
    session.execute(_MOVE, lying)
    changes.announce(session, Subject.PLACE_NAME, Action.MOVED, [row.number for row in moving])
    return len(moving)
