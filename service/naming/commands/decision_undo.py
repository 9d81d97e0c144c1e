"""Undoes a merger or a division of places, including later additions and changes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import PlaceDecision, PlaceName
from service.core.actor import Actor
from service.core.errors import Conflict, NotFound
from service.naming.commands.decisions import Decided, MovedDoors, write_decision
from service.naming.commands.door_moves import DoorMove, list_bearers, move_doors
from service.naming.commands.place_followers import lead_on, revive, take_name
from service.naming.commands.place_merge import require_no_pairs
from service.naming.commands.place_townships import (
    Ground,
    close_ground,
    follow_ground,
    list_patterns,
    open_ground,
    split_ground,
)
from service.placenames.commands import lock_places
from service.placenames.queries import get_place


def undo_decision(session: Session, decision: int, actor: Actor, *, reason: str) -> MovedDoors:
    """Undo a merger or a division: what it moved returns, with what was added since.

    Raises:
        NotFound: there is no such decision.
        DoorsUndecided: a division cannot be undone while both have a door of one number.
        Conflict: it is undone already, or a later decision must be undone first.
    """
    held = session.get(PlaceDecision, decision)
    if held is None:
        raise NotFound(f"there is no decision {decision}", hint="see `menpai placenames history`")
    lock_places(session, held.county)
    if held.undoes_id is not None:
        raise Conflict(f"decision {decision} is itself an undo", hint="take a new decision")
    undone = select(PlaceDecision.id).where(PlaceDecision.undoes_id == decision)
    if session.scalar(undone) is not None:
        raise Conflict(f"decision {decision} is undone already", hint="there is nothing to do")
    decided = _unmerge(session, held) if held.kind == "merged" else _reunite(session, held)
    return write_decision(session, decided, actor, reason)


def _unmerge(session: Session, held: PlaceDecision) -> Decided:
    """Undo a merger: the place exists by itself again.

    Doors return that lie in townships only the merged place had, and its own doors in shared ones;
    doors corrected into a township of the remaining place stay.
    """
    moved: Mapping[str, Any] = held.moved
    number = _number_of(session, held.from_id)
    here = get_place(session, _number_of(session, held.to_id))
    lay = [Ground(*one) for one in moved["ground"]]
    today = follow_ground(session, lay, ())
    # where the remaining place lay because of the merger, and where it lies afterwards
    came, stays = split_ground(session, here.id, today, moved["since"])
    own = {one.township for one in stays}
    # what later decisions took back from it does not return here
    lies = own | {one.township for one in came}
    ground = [one for one in follow_ground(session, lay, own) if one.township in lies]
    if not (stays and ground):
        bare = here.number if ground else number
        raise Conflict(
            f"nothing would be left of {here.name} ({bare})",
            hint="what was divided off it since must be taken back first; see "
            "`menpai placenames history`",
        )
    back, went = {one.township for one in today} & lies, set(moved["codes"])
    codes = [
        code
        for code, where in list_bearers(session, here).items()
        if (where and where in back - own) or (code in went and (where in back or not where))
    ]
    close_ground(session, here.id, came)
    revive(session, number, here, dict(moved))
    there = get_place(session, number)
    if there.key != here.key:
        take_name(session, here, there)
        there = get_place(session, number)
    open_ground(session, there, ground)
    patterns = list_patterns(session, [*lay, *ground], stays)
    move_doors(session, DoorMove(here, there, *patterns), codes)
    return Decided("undone", here, there, codes, ground, 0, {}, undoes=held.id)


def _reunite(session: Session, held: PlaceDecision) -> Decided:
    """Undo a division: merge the place into the present form of the one it came from."""
    number = _number_of(session, held.to_id)
    here = get_place(session, number)
    there = get_place(session, _number_of(session, held.from_id))
    if here.number != number:
        raise Conflict(
            f"{number} was merged into {here.name} ({here.number}) since",
            hint="undo that first; `menpai placenames history` has its number",
        )
    if here.key != there.key:
        raise Conflict(
            f"{here.name} ({here.number}) and {there.name} ({there.number}) have two names now",
            hint="rename one of them back first",
        )
    require_no_pairs(session, here, there)
    codes = list(list_bearers(session, here))
    ground = close_ground(session, here.id)
    lead_on(session, here, there)
    move_doors(session, DoorMove(here, there), codes)
    open_ground(session, there, ground)
    return Decided("undone", here, there, codes, ground, 0, {}, undoes=held.id)


def _number_of(session: Session, place_id: int) -> str:
    return session.scalars(select(PlaceName.number).where(PlaceName.id == place_id)).one()
