"""Reads the doors of a place in the order of their numbers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from address_model.tables import Address
from service.addresses.queries.rows import AddressRow, address_row, select_addresses

MOST_DOORS = 5000


def list_numbered_doors(session: Session, place_id: int) -> list[AddressRow]:
    """The living doors that count along a place, without those in its lanes, by number.

    At most ``MOST_DOORS``.
    """
    statement = select_addresses().where(
        Address.place_id == place_id,
        Address.level == "number",
        Address.status.not_in(GONE),
        ~Address.elements.has_key("lanes"),
    )
    order = (Address.number_order, Address.street_order, Address.code)
    return [
        address_row(row) for row in session.execute(statement.order_by(*order).limit(MOST_DOORS))
    ]


def has_numbered_doors(session: Session, place_id: int) -> bool:
    """Whether doors count along a place."""
    held = select(Address.code).where(
        Address.place_id == place_id, Address.level == "number", Address.status.not_in(GONE)
    )
    return session.scalar(held.limit(1)) is not None
