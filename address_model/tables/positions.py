"""Typed positions of addresses: entrance, staircase, garage, fire access."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import SRID, Code16, CreatedAt, Table, ValidFrom


class AddressPosition(Table):
    """One position of an address, valid from one day to another.

    Only the end of a row ever changes: a position that is set again is the next ``version`` of
    its address, kind and label. The own point of an address stands in ``address.geom``.
    """

    __tablename__ = "address_position"
    __table_args__ = (
        CheckConstraint("kind in ('entrance', 'staircase', 'garage', 'fire_access')", name="kind"),
        CheckConstraint("accuracy in ('', 'A', 'B', 'C', 'D')", name="accuracy"),
        Index(
            "uq_address_position_current",
            "code",
            "kind",
            "label",
            unique=True,
            postgresql_where="valid_to is null",
        ),
        Index(
            "ix_address_position_entrances",
            "geom",
            postgresql_using="gist",
            postgresql_where="kind = 'entrance' and valid_to is null",
        ),
    )

    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True, server_default="")
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=False))
    accuracy: Mapped[str] = mapped_column(String(1), server_default="")
    source: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    created_at: Mapped[CreatedAt]
