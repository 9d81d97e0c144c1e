"""A road through several counties: one place per county, each continuing the one before."""

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from address_model.places import PlaceKind
from address_model.tables import PlaceName
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.errors import Conflict
from service.placenames.commands.name_locks import hold_names
from service.placenames.commands.places import lock_places
from service.placenames.queries import PlaceRow, get_place

_LEADS_BACK = text(
    "with recursive before(id) as (select cast(:start as int) union "
    "select p.continues_id from before b join place_name p on p.id = b.id "
    "where p.continues_id is not null) select exists (select 1 from before where id = :wanted)"
)


def join_place(
    session: Session, number: str, continues: str, actor: Actor, *, seen: int | None = None
) -> PlaceRow:
    """Mark a road as continuing one of another county; "" removes the mark.

    ``seen`` is the version the caller saw; None skips the check.

    Raises:
        Outdated: it has changed since.
        PlaceNotFound: there is no such place.
        Conflict: they are not roads of two counties, the other already continues in this county,
            or it would continue itself.
    """
    held = get_place(session, number)
    before = get_place(session, continues) if continues else None
    for county in sorted({place.county for place in (held, before) if place}):
        lock_places(session, county)
    hold_names(session, [place.number for place in (held, before) if place])
    held = get_place(session, number)
    require_seen(session, held.record, seen)
    before = get_place(session, continues) if continues else None
    if before is not None:
        _require_roads(session, held, before)
    session.execute(
        update(PlaceName)
        .where(PlaceName.id == held.id)
        .values(continues_id=before and before.id, changed_at=func.clock_timestamp())
    )
    changes.announce(session, Subject.PLACE_NAME, Action.JOINED, [held.number])
    audit.record(
        session,
        actor=actor,
        action="place_names:join",
        subject=held.number,
        before=held.continues,
        continues=before.number if before else "",
    )
    return get_place(session, held.number)


def _require_roads(session: Session, held: PlaceRow, before: PlaceRow) -> None:
    if {held.kind, before.kind} != {PlaceKind.STREET} or held.county == before.county:
        raise Conflict(
            f"{held.name} ({held.number}) and {before.name} ({before.number}) are not two roads "
            "of two counties",
            hint="within a county use `menpai placenames merge`",
        )
    other = session.scalar(
        select(PlaceName.number).where(
            PlaceName.continues_id == before.id,
            PlaceName.county == held.county,
            PlaceName.id != held.id,
        )
    )
    if other is not None:
        raise Conflict(
            f"{before.name} ({before.number}) continues in {other} in this county",
            hint=f"take that back first: `menpai placenames join {other} --continues ''`",
        )
    values = {"start": before.id, "wanted": held.id}
    if session.execute(_LEADS_BACK, values).scalar_one():
        raise Conflict(
            f"{before.name} ({before.number}) is a continuation of {held.number} itself",
            hint="join them the other way round",
        )
