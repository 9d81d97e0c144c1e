"""Reads addresses by street and number, and the numbers nearest to a missing one."""

import json
from collections.abc import Sequence

from sqlalchemy.orm import Session

from address_model.elements import Elements
from address_model.plain_elements import elements_to_plain
from service.addresses.queries import AddressRow, find_addresses
from service.matching.queries.door_statements import (
    AT_NUMBER,
    NEIGHBOURS,
    SPELT_AT_NUMBER,
    SPELT_WITHOUT,
    WITHOUT_NUMBER,
    DoorMatch,
)

MOST_ROWS = 300
LIKELIEST = 12
"""Maximum number of rows compared with a text that no row matches in full, most similar first: one
number of a long street may have hundreds, in its lanes and on their floors."""


def lanes_of(elements: Elements) -> str:
    """Lanes in the form of the register: see ``DoorMatch.lanes``."""
    plain = elements_to_plain(elements)
    return json.dumps(plain["lanes"], ensure_ascii=False) if "lanes" in plain else ""


def like_of(elements: Elements) -> tuple[str, ...]:
    """The fields that rank rows at a number: ``number`` to ``thing`` of a ``DoorMatch``."""
    levels = (elements.number, elements.building, elements.unit, elements.floor, elements.room)
    thing = str(elements.thing) if elements.thing else ""
    return *(value.number + value.suffix if value else "" for value in levels), thing


def list_doors(session: Session, doors: Sequence[DoorMatch]) -> list[AddressRow]:
    """The addresses at these doors; a door without a number means addresses without one.

    At most four queries for any number of doors; each door is one index access.
    """
    kinds = (
        (AT_NUMBER, LIKELIEST, [d for d in doors if not d.spelt and d.number_order is not None]),
        (WITHOUT_NUMBER, MOST_ROWS, [d for d in doors if not d.spelt and d.number_order is None]),
        (SPELT_AT_NUMBER, MOST_ROWS, [d for d in doors if d.spelt and d.number_order is not None]),
        (SPELT_WITHOUT, MOST_ROWS, [d for d in doors if d.spelt and d.number_order is None]),
    )
    codes: list[str] = []
    for statement, most, some in kinds:
        if some:
            codes += session.execute(statement, _arrays(some) | {"most": most}).scalars()
    return _rows(session, codes)


def list_neighbours(session: Session, doors: Sequence[DoorMatch]) -> list[AddressRow]:
    """The addresses whose numbers are nearest to these doors, at most six of each."""
    if not doors:
        return []
    codes = session.execute(NEIGHBOURS, _arrays(doors) | {"most": 6}).scalars()
    return _rows(session, list(codes))


def _rows(session: Session, codes: Sequence[str]) -> list[AddressRow]:
    return list(find_addresses(session, sorted(set(codes))).values()) if codes else []


def _arrays(doors: Sequence[DoorMatch]) -> dict[str, object]:
    columns = zip(*doors, strict=True)
    return {name: list(column) for name, column in zip(DoorMatch._fields, columns, strict=True)}
