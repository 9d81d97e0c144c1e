"""Areas (责任区): community, grid, police beat …; and the duties of people in them."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import SRID, CreatedAt, Surrogate, Table, ValidFrom, Version


class Area(Table):
    """A polygon in which somebody has a duty; ``kind`` is community, grid, police_beat, …

    An area keeps its id for life, so duties and links stay when its border is edited: the present
    version keeps the row, the one before is put away as a copy whose ``succeeded_by`` names it.

    A border edit changes ``valid_from``. Were its unique index not a partial one, that column would
    be a key: the change would then block whoever links an address to the area, and they it.
    """

    __tablename__ = "area"
    __table_args__ = (
        Index(
            "uq_area_version",
            *("kind", "code", "valid_from"),
            unique=True,
            postgresql_where="valid_from is not null",
        ),
        Index(
            "uq_area_present", "kind", "code", unique=True, postgresql_where="succeeded_by is null"
        ),
        Index(None, "parent_id"),
        Index(None, "division_id"),
        Index("ix_area_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Surrogate]
    kind: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    geom: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", srid=SRID, spatial_index=False)
    )
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    succeeded_by: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    changed_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Duty(Table):
    """A person responsible for an area: role, published name and office telephone, with dates.

    Only duty contacts live here, never a resident. A duty is shown to the public only when
    ``publish`` is set, today lies between its dates, nobody asked to be hidden (``hidden_at``),
    and nobody else stands in for it today (``stand_in_for`` of another duty names this one).
    """

    __tablename__ = "duty"
    __table_args__ = (
        Index(None, "area_id"),
        Index("ix_duty_stand_in_for", "stand_in_for", postgresql_where="stand_in_for is not null"),
        Index("ix_duty_account_id", "account_id", postgresql_where="account_id is not null"),
    )

    id: Mapped[Surrogate]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    role: Mapped[str] = mapped_column(String(32))
    display_name: Mapped[str]
    organisation: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    publish: Mapped[bool] = mapped_column(server_default="false")
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    confirmed_at: Mapped[date | None]
    stand_in_for: Mapped[int | None] = mapped_column(ForeignKey("duty.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_account.id"))
    """The account of the holder, who may confirm or hide this contact and work in the area."""
    hidden_at: Mapped[datetime | None]
    version: Mapped[Version]
