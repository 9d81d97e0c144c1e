"""Merges two places that are one, and divides one that is two."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.tables import HeritageEntry
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import Conflict
from service.naming.commands.decisions import Decided, MovedDoors, write_decision
from service.naming.commands.door_moves import DoorMove, list_bearers, move_doors
from service.naming.commands.place_followers import copy_names, lead_on
from service.naming.commands.place_townships import (
    Ground,
    close_ground,
    last_ground,
    list_patterns,
    open_ground,
)
from service.naming.queries.door_pairs import DoorPair, list_pairs
from service.placenames.commands import NewPlace, add_places, hold_names, lock_places
from service.placenames.queries import PlaceRow, find_places, get_place

_WITHOUT_TOWNSHIP = text(
    "select a.code, a.standard_text from address a join division d on d.id = a.division_id "
    "where (a.place_id = :here or a.second_place_id = :here) and substr(d.code, 7, 3) = '000' "
    "and a.status not in ('replaced', 'retired', 'invalid') order by a.code"
)


class DoorsUndecided(Conflict):
    """Two places both have doors of one number; each pair must be decided first."""

    def __init__(self, pairs: Sequence[DoorPair]) -> None:
        shown = "、".join(f"{pair.text} ({format_code(pair.code)} / {format_code(pair.other)})"
                         for pair in pairs[:5])  # fmt: skip
        super().__init__(
            f"{len(pairs)} doors stand in both places: {shown}",
            hint="decide each: `menpai addresses merge CODE --into CODE` if it is one house, "
            "`menpai addresses correct` if one of the two is wrong",
        )
        self.pairs = tuple(pairs)


def merge_places(
    session: Session,
    number: str,
    into: str,
    actor: Actor,
    *,
    reason: str,
    seen: int | None = None,
) -> MovedDoors:
    """Merge a place into another of its name: its doors, townships and number go there.

    ``seen`` is the version of the ending place the caller saw; None skips the check.

    Raises:
        Outdated: it has changed since.
        PlaceNotFound: there is no such place.
        DoorsUndecided: both have a door of one number.
        Conflict: they are not two places of one name and county, or the one that would end has an
            entry of the heritage.
    """
    found = [get_place(session, one) for one in (number, into)]
    lock_places(session, found[0].county)
    hold_names(session, [place.number for place in found])
    here, there = get_place(session, number), get_place(session, into)
    require_seen(session, here.record, seen)
    if here.id == there.id:
        raise Conflict(f"{here.name} is already one place", hint="there is nothing to do")
    if here.key != there.key:
        raise Conflict(
            f"{here.name} ({here.number}) and {there.name} ({there.number}) are not two places "
            "of one name in one county",
            hint="rename one first, if they are one place under two names",
        )
    entry = session.scalar(select(HeritageEntry.id).where(HeritageEntry.place_name_id == here.id))
    if entry is not None:
        raise Conflict(
            f"the heritage entry {entry} is about {here.name} ({here.number})",
            hint="merge the other place into this one; if both have an entry, `menpai heritage "
            "merge` makes one of the two first",
        )
    require_no_pairs(session, here, there)
    codes = list(list_bearers(session, here))
    since, ground = last_ground(session), close_ground(session, here.id)
    followers = lead_on(session, here, there)
    move_doors(session, DoorMove(here, there), codes)
    open_ground(session, there, ground)
    decided = Decided("merged", here, there, codes, ground, since, followers)
    return write_decision(session, decided, actor, reason)


def divide_place(
    session: Session,
    number: str,
    townships: Sequence[str],
    actor: Actor,
    *,
    reason: str,
    seen: int | None = None,
) -> MovedDoors:
    """Divide a place: what lies in these townships (12 digits) becomes its own place.

    Doors without a known township stay, and are listed. Former texts go where their words say.
    ``seen`` is as in ``merge_places``.

    Raises:
        Outdated: it has changed since.
        PlaceNotFound: there is no such place.
        Conflict: it does not lie in these townships, or would have none left.
    """
    found = get_place(session, number)
    lock_places(session, found.county)
    hold_names(session, [found.number])
    here = get_place(session, number)
    require_seen(session, here.record, seen)
    held = {one.code: one.name for one in here.townships}
    if not townships or not set(townships) < set(held):
        names = "、".join(f"{name} {code}" for code, name in held.items())
        raise Conflict(
            f"{here.name} lies in {names}", hint="name some of these townships, but not all"
        )
    codes = [code for code, where in list_bearers(session, here).items() if where in townships]
    lies = [Ground(one.code, one.qualifier) for one in here.townships]
    since = last_ground(session)
    ground = close_ground(session, here.id, [one for one in lies if one.township in townships])
    first = ground[0]
    new = NewPlace(here.kind, here.name, here.county, *first, str(actor))
    (made,) = add_places(session, [new], actor)
    there = find_places(session, [made])[made]
    copy_names(session, here, there)
    open_ground(session, there, ground)
    moving, staying = list_patterns(session, ground, [one for one in lies if one not in ground])
    move_doors(session, DoorMove(here, there, moving, staying), codes)
    unplaced = session.execute(_WITHOUT_TOWNSHIP, {"here": here.id}).all()
    decided = Decided("divided", here, there, codes, ground, since, {})
    return write_decision(
        session, decided, actor, reason, unplaced=[(row[0], row[1]) for row in unplaced]
    )


def require_no_pairs(session: Session, here: PlaceRow, there: PlaceRow) -> None:
    """Refuse two places that both have doors of one number.

    Raises:
        DoorsUndecided: naming them all.
    """
    pairs = list_pairs(session, here, there)
    if pairs:
        raise DoorsUndecided(pairs)
