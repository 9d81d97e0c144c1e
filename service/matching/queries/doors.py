"""Reads the addresses of streets at numbers, and the numbers nearest to one that is not there."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.queries import AddressRow, find_addresses

MOST_ROWS = 300


class Door(NamedTuple):
    """A number of a street of a county; inside a building only these rooms are read."""

    county: str
    street: str
    order: int | None
    rooms: str = ""
    """Numbers of rooms, parted by blanks."""


_AT_NUMBER = text(
    "select found.code from unnest(cast(:counties as text[]), cast(:streets as text[]), "
    "cast(:orders as int[]), cast(:rooms as text[])) as w(county, street, number_order, rooms) "
    "cross join lateral (select code from address a where a.county = w.county "
    "and a.street = w.street and a.number_order = w.number_order "
    "and (a.level <> 'room' or a.elements->'room'->>0 = any(string_to_array(w.rooms, ' '))) "
    "limit :most) found"
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
    for statement, wanted in ((_AT_NUMBER, numbered), (_WITHOUT_NUMBER, bare)):
        if wanted:
            codes += session.execute(statement, _arrays(wanted, MOST_ROWS)).scalars()
    return _rows(session, codes)


def list_neighbours(session: Session, doors: Sequence[Door]) -> list[AddressRow]:
    """The addresses whose numbers lie nearest to these doors, six of each at most."""
    if not doors:
        return []
    codes = session.execute(_NEIGHBOURS, _arrays(doors, 6 * len(doors))).scalars()
    return _rows(session, list(codes))


def _rows(session: Session, codes: Sequence[str]) -> list[AddressRow]:
    return list(find_addresses(session, sorted(set(codes))).values()) if codes else []


def _arrays(doors: Sequence[Door], most: int) -> dict[str, object]:
    return {
        "counties": [door.county for door in doors],
        "streets": [door.street for door in doors],
        "orders": [door.order for door in doors],
        "rooms": [door.rooms for door in doors],
        "most": most,
    }
