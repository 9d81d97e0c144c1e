"""Links from addresses to areas and place names; narrow tables, written in bulk."""

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Table


class AddressArea(Table):
    """An address lies in an area: found by its point, or set by hand with a reason.

    ``kind`` repeats the area's. Neither column is a foreign key: checking them row by row would
    make linking eight times slower, addresses and areas are never deleted, and ``menpai check``
    tests both relations.
    """

    __tablename__ = "address_area"
    __table_args__ = (Index("ix_address_area_hand", "area_id", postgresql_where="how = 'hand'"),)

    code: Mapped[Code16] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    how: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(server_default="")
    linked_at: Mapped[CreatedAt]


class AddressPlaceName(Table):
    """An address belongs to a place name: its street, estate, village, or a historical one.

    ``kind`` says how: building, street, village, derived, historical. Divisions need no row: the
    address's own code leads to them. Written in bulk and tested by ``menpai check``, so there is
    no foreign key, as in ``AddressArea``.
    """

    __tablename__ = "address_place_name"
    __table_args__ = (Index(None, "place_name_id", "code"),)

    code: Mapped[Code16] = mapped_column(primary_key=True)
    place_name_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(server_default="")
    linked_at: Mapped[CreatedAt]
