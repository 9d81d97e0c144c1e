"""Finds the doors that a resident means by a typed address: never a home behind a door."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from address_model.below_door import lies_below_door
from address_model.elements import division_names, elements_to_plain, local_text
from address_model.normal_form import normalise
from address_model.parsing import find_outside, parse
from address_model.pinyin import romanise_address
from address_model.sensitivity import ANYBODY
from service.addresses.queries import AddressRow, find_addresses
from service.divisions.queries import gazetteer_of
from service.matching.queries import Resolution, ResolveOptions, resolve, resolve_many
from service.matching.resolve_options import MOST_CANDIDATES
from service.placenames.queries import PlaceRow, find_places
from service.scans.queries.street_search import (
    LATIN,
    FoundStreet,
    list_alike,
    list_named,
    name_counties,
    show_streets,
)

MOST_SHOWN = 10
"""Doors or streets of one answer; there is no second page."""

_LIKELY = 0.6
"""A candidate above this is a door that the text may mean, and not only the nearest number."""

_MOST_LEVELS = 4
"""From a room to its door: floor, unit, building, number."""

_FOCUS = ResolveOptions(limit=MOST_CANDIDATES, level="number", viewer=ANYBODY)


class Found(StrEnum):
    """What a typed address led to."""

    HERE = "here"
    """One door, which has exactly this address."""

    DOOR_ONLY = "door_only"
    """The door of a text that goes on behind it."""

    FORMER = "former"
    """The doors that have taken the place of an address of old."""

    LIKELY = "likely"
    """One door, after a repair of the text."""

    SEVERAL = "several"
    """Doors of the same text in several places."""

    NEAREST = "nearest"
    """No such door, but some like it."""

    STREETS = "streets"
    """No number, but streets, estates or villages of this name."""

    NO_SUCH_NUMBER = "no_such_number"
    """Streets, estates or villages of this name, and none of them has the number."""

    LIKE_NAMES = "like_names"
    """No such name, but streets, estates or villages with names like it."""

    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FoundDoor:
    """A door as it is listed; ``where`` are its divisions from the city down."""

    code: str
    local_text: str
    where: str
    romanised: str


@dataclass(frozen=True, slots=True)
class DoorSearch:
    """The result of a search; ``is_cut``: there are more than are listed."""

    kind: Found
    doors: tuple[FoundDoor, ...] = ()
    streets: tuple[FoundStreet, ...] = ()
    is_cut: bool = False


def find_doors(session: Session, text: str) -> DoorSearch:
    """Find the doors, or else the streets, that a text may mean; at most ten."""
    answer = resolve(session, text, _FOCUS)
    found = _of_resolution(session, text, answer)
    if found.doors:
        return found
    gazetteer = gazetteer_of(session)
    reading = parse(text, gazetteer)
    if find_outside(reading, gazetteer):
        return found
    places = list_named(session, reading)
    if places:
        spelled = _spelled_out(session, text, places)
        if spelled is not None:
            return spelled
        has_number = len(reading.plates) == 1
        kind = Found.NO_SUCH_NUMBER if has_number else Found.STREETS
    else:
        places, kind = list_alike(session, reading), Found.LIKE_NAMES
    if not places:
        return found
    shown = show_streets(session, places[:MOST_SHOWN])
    return DoorSearch(kind, streets=shown, is_cut=len(places) > MOST_SHOWN)


def _of_resolution(session: Session, text: str, answer: Resolution) -> DoorSearch:
    """What a resolved text says of doors."""
    one = answer.address
    likely = [c.address for c in answer.candidates if c.score > _LIKELY]
    rows = [one] if one else likely or [c.address for c in answer.candidates]
    doors = _climb(session, rows)
    if not doors:
        return DoorSearch(Found.NOTHING)
    is_former = answer.historic is not None and doors[0].code != answer.historic.code
    if answer.matched_name is not None and answer.matched_name.valid_to is not None:
        is_former = is_former or answer.historic is None
    kind = Found.NEAREST
    if is_former:
        kind = Found.FORMER
    elif one is not None and (answer.remainder or doors[0].code != one.code):
        kind = Found.DOOR_ONLY
    elif one is not None and _is_sure(text, answer, one):
        kind = Found.HERE
    elif likely and len(doors) > 1:
        kind = Found.SEVERAL
    elif one is not None or likely:
        kind = Found.FORMER if _has_other_name(session, text, doors[0]) else Found.LIKELY
    return DoorSearch(kind, tuple(map(_show, doors[:MOST_SHOWN])), is_cut=len(doors) > MOST_SHOWN)


def _climb(session: Session, rows: Sequence[AddressRow]) -> list[AddressRow]:
    """The doors of addresses, each once; a home whose door is not registered has none."""
    held = {row.code: row for row in rows}
    for _ in range(_MOST_LEVELS):
        above = {row.parent_code for row in held.values() if row.parent_code and _is_inside(row)}
        missing = sorted(above - held.keys())
        if not missing:
            break
        held |= find_addresses(session, missing)
    doors: dict[str, AddressRow] = {}
    for row in rows:
        door: AddressRow | None = row
        while door is not None and _is_inside(door):
            door = held.get(door.parent_code or "")
        if door is not None:
            doors[door.code] = door
    return list(doors.values())


def _is_inside(row: AddressRow) -> bool:
    return lies_below_door(row.level, elements_to_plain(row.elements))


def _is_sure(text: str, answer: Resolution, door: AddressRow) -> bool:
    """Whether the text is the door's own address, at most without some of its divisions."""
    if answer.category == "A":
        return True
    bare = "".join(normalise(text).text.split())
    return not answer.differences and bare.endswith(local_text(door.elements))


def _has_other_name(session: Session, text: str, door: AddressRow) -> bool:
    """Whether a text has a former name or an alias of the street of a door."""
    bare = normalise(text).text
    places = find_places(session, [door.place_id] if door.place_id else [])
    return any(name in bare for place in places.values() for name in place.other_names)


def _spelled_out(session: Session, text: str, places: Sequence[PlaceRow]) -> DoorSearch | None:
    """The doors of a text in pinyin, read with each name that is spelled so; None without any."""
    latin = LATIN.search(text)
    if latin is None or not text[latin.end() :].strip():
        return None
    begun = name_counties(session, places[:MOST_SHOWN])
    texts = [
        f"{begun[place.county]}{place.name}{text[latin.end() :].strip()}"
        for place in places[:MOST_SHOWN]
    ]
    rows = [answer.address for answer in resolve_many(session, texts, _FOCUS) if answer.address]
    doors = _climb(session, rows)[:MOST_SHOWN]
    if not doors:
        return None
    kind = Found.SEVERAL if len(doors) > 1 else Found.LIKELY
    return DoorSearch(kind, tuple(map(_show, doors)))


def _show(row: AddressRow) -> FoundDoor:
    elements = row.elements
    where = "".join(division_names(elements)).removeprefix(elements.province)
    return FoundDoor(row.code, local_text(elements), where, romanise_address(elements))
