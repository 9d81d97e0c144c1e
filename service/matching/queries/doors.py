"""Reads the addresses of streets at numbers, and the numbers nearest to one that is not there."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Elements
from address_model.serialising import elements_to_plain
from service.addresses.queries import AddressRow, find_addresses

MOST_ROWS = 300
LIKELIEST = 12
"""At one number of a long street hundreds may stand, in its lanes and on their floors: so many of
them, the likeliest first, are compared with a text."""

ALIKE = 4
"""So many where only an address of a certain text is meant, and that one comes first."""


class Door(NamedTuple):
    """A number of a street of a county; inside a building only these rooms are read."""

    county: str
    street: str
    order: int | None
    rooms: str = ""
    """Numbers of rooms, parted by blanks."""
    like: tuple[str, str, str, str] = ("", "", "", "")
    """Lanes as the register writes them, and the numbers of building, unit and floor."""
    tail: str = ""
    """How the text of the likeliest ends."""


def like_of(elements: Elements) -> tuple[str, str, str, str]:
    """What makes a row at a number likelier than another: see ``Door.like``."""
    plain = elements_to_plain(elements)
    lanes = json.dumps(plain["lanes"], ensure_ascii=False) if "lanes" in plain else ""
    building, unit, floor = (
        value.number if value else ""
        for value in (elements.building, elements.unit, elements.floor)
    )
    return lanes, building, unit, floor


_AT_NUMBER = text(
    "select found.code from unnest(cast(:counties as text[]), cast(:streets as text[]), "
    "cast(:orders as int[]), cast(:rooms as text[]), cast(:lanes as text[]), "
    "cast(:buildings as text[]), cast(:units as text[]), cast(:floors as text[]), "
    "cast(:tails as text[])) "
    "as w(county, street, number_order, rooms, lanes, building, unit, floor, tail) "
    "cross join lateral (select code from address a where a.county = w.county "
    "and a.street = w.street and a.number_order = w.number_order "
    "and (a.level <> 'room' or a.elements->'room'->>0 = any(string_to_array(w.rooms, ' '))) "
    "order by 5 * (right(a.standard_text, char_length(w.tail)) <> w.tail)::int "
    "+ (coalesce(a.elements->>'lanes', '') <> w.lanes)::int "
    "+ (coalesce(a.elements->'building'->>0, '') <> w.building)::int "
    "+ (coalesce(a.elements->'unit'->>0, '') <> w.unit)::int "
    "+ (coalesce(a.elements->'floor'->>0, '') <> w.floor)::int, a.code "
    "limit case when w.tail = '' then :most else :alike end) found"
)
_WITHOUT_NUMBER = text(
    "select found.code from unnest(cast(:counties as text[]), cast(:streets as text[]), "
    "cast(:orders as int[]), cast(:rooms as text[])) as w(county, street, number_order, rooms) "
    "cross join lateral (select code from address a where a.county = w.county "
    "and a.street = w.street and a.number_order is null limit :most) found"
)
_NEIGHBOURS = text(
    "select found.code from unnest(cast(:counties as text[]), cast(:streets as text[]), "
    "cast(:orders as int[]), cast(:rooms as text[])) as w(county, street, number_order, rooms) "
    "cross join lateral ((select code from address a where a.county = w.county "
    "and a.street = w.street and a.number_order <= w.number_order "
    "order by a.number_order desc limit 3) union all "
    "(select code from address a where a.county = w.county and a.street = w.street "
    "and a.number_order > w.number_order order by a.number_order limit 3)) found limit :most"
)


def list_doors(session: Session, doors: Sequence[Door]) -> list[AddressRow]:
    """The addresses at these doors; a door without a number means those that have none.

    Three queries, whatever their number; each door is one step into an index.
    """
    numbered = [door for door in doors if door.order is not None]
    bare = [door for door in doors if door.order is None]
    codes: list[str] = []
    if numbered:
        codes += session.execute(_AT_NUMBER, _arrays(numbered) | _likeness(numbered)).scalars()
    if bare:
        most = {"most": MOST_ROWS}
        codes += session.execute(_WITHOUT_NUMBER, _arrays(bare) | most).scalars()
    return _rows(session, codes)


def list_neighbours(session: Session, doors: Sequence[Door]) -> list[AddressRow]:
    """The addresses whose numbers lie nearest to these doors, six of each at most."""
    if not doors:
        return []
    most = {"most": 6 * len(doors)}
    codes = session.execute(_NEIGHBOURS, _arrays(doors) | most).scalars()
    return _rows(session, list(codes))


def _rows(session: Session, codes: Sequence[str]) -> list[AddressRow]:
    return list(find_addresses(session, sorted(set(codes))).values()) if codes else []


def _arrays(doors: Sequence[Door]) -> dict[str, object]:
    return {
        "counties": [door.county for door in doors],
        "streets": [door.street for door in doors],
        "orders": [door.order for door in doors],
        "rooms": [door.rooms for door in doors],
    }


def _likeness(doors: Sequence[Door]) -> dict[str, object]:
    names = ("lanes", "buildings", "units", "floors")
    columns = zip(*(door.like for door in doors), strict=True)
    arrays: dict[str, object] = {
        name: list(column) for name, column in zip(names, columns, strict=True)
    }
    return arrays | {"tails": [door.tail for door in doors], "most": LIKELIEST, "alike": ALIKE}
