"""Reads an address as it stood on a day, as far as that is kept.

Texts, identifiers and typed positions are kept with their days. The audit chain has what a state
and an own point were before each change, and which corrections may have moved the point. All else
has no past: it is told only of a day since which the text has not changed, or named as unknown.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.lifecycle import AddressStatus
from address_model.positions import Position, PositionKind, counting_position, main_entrance
from address_model.sensitivity import Viewer
from address_model.tables import Address
from service.addresses.json_view import show_address, show_point, show_position
from service.addresses.queries import AddressRow, list_positions
from service.core.clock import day_of, start_of
from service.core.errors import AddressNotFound
from service.departments.address_choice import AddressChoice
from service.departments.queries.addresses import Shown, mask_parts
from service.departments.queries.parts import read_identifiers, read_names
from service.departments.schemas import IdentifierOut, NameOut, PlacedOut

_ACTS = text(
    "select split_part(action, ':', 2) as act, detail -> 'before' as before from audit_entry "
    "where subject = :code and action like 'addresses:%' and at >= :end order by position"
)
_NO_PAST = ("parent_code", "version")
"""Fields of which no former value is kept."""
_OF_THE_TEXT = ("elements", "division", "level", "standard_text")


def show_past(
    session: Session, row: AddressRow, day: date, choice: AddressChoice, viewer: Viewer
) -> Shown:
    """An address as it stood at the end of a day; ``unknown`` names what is not kept.

    Raises:
        AddressNotFound: it was not registered yet.
    """
    end = start_of(day + timedelta(days=1))
    names = [one for one in read_names(session, [row], viewer).get(row.code, ()) if _held(one, day)]
    entered = session.scalars(select(Address.created_at).where(Address.code == row.code)).one()
    if entered >= end and not names:
        raise AddressNotFound(
            f"the address {row.code} was not registered on {day}",
            hint=f"it was registered on {day_of(entered)}",
        )
    acts: Sequence[Any] = session.execute(_ACTS, {"code": row.code, "end": end}).all()
    typed = [
        one
        for one in list_positions(session, [row.code], history=True).get(row.code, [])
        if one.valid_from <= day and (one.valid_to is None or one.valid_to > day)
    ]
    shown: dict[str, Any] = {**show_address(row, viewer)}
    unknown = {*_NO_PAST, *_set_text(shown, names), *_set_status(shown, acts)}
    own, lost = _own_point_before(row, acts)
    unknown |= set(lost)
    entrance = main_entrance(tuple(one.position for one in typed))
    counting = counting_position(own, entrance)
    shown["geometry"] = show_point(counting.point) if counting else None
    shown["position"] = show_position(counting) if counting else None
    if entrance is not None:
        unknown -= {"geometry", "position"}
    placed = [] if own is None or "point_note" in unknown else [PlacedOut.of_own(own, row)]
    identifiers = read_identifiers(session, [row], viewer).get(row.code, ())
    parts: dict[str, Sequence[BaseModel]] = {
        "positions": [*placed, *map(PlacedOut.of_row, typed)],
        "names": names,
        "identifiers": [one for one in identifiers if _held(one, day)],
    }
    related = {name: [one.model_dump(mode="json") for one in parts[name]] for name in choice.parts}
    told = {name: value for name, value in shown.items() if name not in unknown}
    told = {**choice.narrow({**told, **mask_parts(row, related, viewer)})}
    return told | {"at": day.isoformat(), "unknown": sorted(unknown & shown.keys())}


def _held(one: NameOut | IdentifierOut, day: date) -> bool:
    """Whether a dated record was valid at the end of a day; the last day is that of its end."""
    return one.valid_from <= day and (one.valid_to is None or one.valid_to > day)


def _set_text(shown: dict[str, Any], names: Sequence[NameOut]) -> tuple[str, ...]:
    """Set the standard text of the day; return the fields that are unknown.

    A replaced standard text is kept as a former name, as are texts that an officer has added.
    """
    if any(one.kind == "standard" for one in names):
        return ()
    former = {one.text for one in names if one.kind == "former"}
    if len(former) != 1:
        return _OF_THE_TEXT
    shown["standard_text"] = former.pop()
    return tuple(name for name in _OF_THE_TEXT if name != "standard_text")


def _set_status(shown: dict[str, Any], acts: Sequence[Any]) -> tuple[str, ...]:
    """Set the state before the first later change of it; return the fields that are unknown.

    What was replaced, retired or invalid stays so: a state that changed later had no successor.
    """
    later = [one for one in acts if one.act in set(AddressStatus)]
    if not later:
        return ()
    shown["status"], shown["successor_code"] = later[0].before, None
    return ("status_reason",)


def _own_point_before(
    row: AddressRow, acts: Sequence[Any]
) -> tuple[Position | None, tuple[str, ...]]:
    """The own point before the later changes, and the fields that are unknown.

    A correction may have replaced the point and does not say so; how accurate a replaced point was
    is not kept.
    """
    first = next((one for one in acts if one.act in ("move", "correct")), None)
    if first is None:
        return row.own_position, ()
    if first.act == "correct":
        return None, ("geometry", "position", "point_note")
    point = Point(*first.before) if first.before else None
    own = Position(PositionKind.CENTRE, point) if point else None
    return own, ("position", "point_note")
