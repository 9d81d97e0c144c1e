"""Reads the addresses of a street at a number, and the numbers nearest to one that is not there."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.queries import AddressRow, find_addresses

MOST_ROWS = 300

_AT_NUMBER = text(
    "select code from address where county = any(:counties) and street = any(:streets) "
    "and number_order = any(:orders) "
    "and (level <> 'room' or elements->'room'->>0 = :room) limit :most"
)
_WITHOUT_NUMBER = text(
    "select code from address where county = any(:counties) and street = any(:streets) "
    "and number_order is null limit :most"
)
_NEIGHBOURS = text(
    "(select code from address where county = :county and street = :street "
    "and number_order <= :order order by number_order desc limit 3) union all "
    "(select code from address where county = :county and street = :street "
    "and number_order > :order order by number_order limit 3)"
)


def list_doors(
    session: Session,
    *,
    counties: Sequence[str],
    streets: Sequence[str],
    orders: Sequence[int],
    room: str,
) -> list[AddressRow]:
    """The addresses of these streets at these numbers; without numbers, those that have none.

    Of what lies inside a building only the wanted room is read.
    """
    values = {"counties": list(counties), "streets": list(streets), "most": MOST_ROWS}
    if orders:
        found = session.execute(_AT_NUMBER, values | {"orders": list(orders), "room": room})
    else:
        found = session.execute(_WITHOUT_NUMBER, values)
    codes = list(found.scalars())
    return list(find_addresses(session, codes).values()) if codes else []


def list_neighbours(session: Session, county: str, street: str, order: int) -> list[AddressRow]:
    """The addresses of a street whose numbers lie nearest to one, nearest first."""
    values = {"county": county, "street": street, "order": order}
    codes = list(session.execute(_NEIGHBOURS, values).scalars())
    rows = find_addresses(session, codes)
    return list({code: rows[code] for code in codes}.values()) if codes else []
