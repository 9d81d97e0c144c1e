"""Counts of addresses by map cell, so that a map seen from afar counts no addresses."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Table


class AddressCell(Table):
    """By how many the living addresses with a point in one cell and division have grown or shrunk.

    A cell is a tile of zoom 17 in Web Mercator (some 260 m wide in Zhejiang), ``x`` from the west,
    ``y`` from the north. Triggers of ``address`` append a row per cell and statement, so writers
    never wait for each other here; the sum of a cell is what counts, and
    ``service.tiles.commands`` merges its rows into one.
    """

    __tablename__ = "address_cell"
    __table_args__ = (Index(None, "x", "y"), Index(None, "division_id"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    x: Mapped[int] = mapped_column(Integer)
    y: Mapped[int] = mapped_column(Integer)
    addresses: Mapped[int] = mapped_column(Integer)
