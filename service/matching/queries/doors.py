"""Reads the addresses of streets at numbers, and the numbers nearest to one that is not there."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from address_model.elements import Elements
from address_model.serialising import elements_to_plain
from service.addresses.queries import AddressRow, find_addresses
from service.matching.queries.door_statements import (
    AT_NUMBER,
    NEIGHBOURS,
    SPELT_AT_NUMBER,
    SPELT_WITHOUT,
    WITHOUT_NUMBER,
)

MOST_ROWS = 300
LIKELIEST = 12
"""At one number of a long street hundreds may stand, in its lanes and on their floors: where none
is like a text in all, so many of them, the likeliest first, are compared with it."""


class Door(NamedTuple):
    """A number of a street of a county; inside a building only these rooms are read."""

    county: str
    street: str
    order: int | None
    rooms: str = ""
    """Numbers of rooms, parted by blanks."""
    lanes: str = ""
    """As the register writes them."""
    like: tuple[str, ...] = ("",) * 5
    """The numbers of plate, building, unit, floor and room, with their suffixes."""
    spelt: str = ""
    """The squeezed local text of the only addresses that are meant."""
    digits: str = ""
    """Figures that stand in that text."""


def lanes_of(elements: Elements) -> str:
    """Lanes as the register writes them: see ``Door.lanes``."""
    plain = elements_to_plain(elements)
    return json.dumps(plain["lanes"], ensure_ascii=False) if "lanes" in plain else ""


def like_of(elements: Elements) -> tuple[str, ...]:
    """What makes a row at a number likelier than another: see ``Door.like``."""
    levels = (elements.number, elements.building, elements.unit, elements.floor, elements.room)
    return tuple(value.number + value.suffix if value else "" for value in levels)


def list_doors(session: Session, doors: Sequence[Door]) -> list[AddressRow]:
    """The addresses at these doors; a door without a number means those that have none.

    A few queries, whatever their number; each door is one step into an index.
    """
    kinds = (
        (AT_NUMBER, LIKELIEST, [d for d in doors if not d.spelt and d.order is not None]),
        (WITHOUT_NUMBER, MOST_ROWS, [d for d in doors if not d.spelt and d.order is None]),
        (SPELT_AT_NUMBER, MOST_ROWS, [d for d in doors if d.spelt and d.order is not None]),
        (SPELT_WITHOUT, MOST_ROWS, [d for d in doors if d.spelt and d.order is None]),
    )
    codes: list[str] = []
    for statement, most, some in kinds:
        if some:
            codes += session.execute(statement, _arrays(some) | {"most": most}).scalars()
    return _rows(session, codes)


def list_neighbours(session: Session, doors: Sequence[Door]) -> list[AddressRow]:
    """The addresses whose numbers lie nearest to these doors, six of each at most."""
    if not doors:
        return []
    codes = session.execute(NEIGHBOURS, _arrays(doors) | {"most": 6}).scalars()
    return _rows(session, list(codes))


def _rows(session: Session, codes: Sequence[str]) -> list[AddressRow]:
    return list(find_addresses(session, sorted(set(codes))).values()) if codes else []


def _arrays(doors: Sequence[Door]) -> dict[str, object]:
    names = ("numbers", "buildings", "units", "floors", "room_numbers")
    likeness = zip(*(door.like for door in doors), strict=True)
    return {
        "counties": [door.county for door in doors],
        "streets": [door.street for door in doors],
        "orders": [door.order for door in doors],
        "rooms": [door.rooms for door in doors],
        "lanes": [door.lanes for door in doors],
        "spelt": [door.spelt for door in doors],
        "digits": [door.digits for door in doors],
        **{name: list(column) for name, column in zip(names, likeness, strict=True)},
    }
