"""Divisions (行政区划) of five levels, with code system and edition, and how they changed."""

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import SRID, Division12, Surrogate, Table, Version


class Division(Table):
    """One division in one code system and edition; level 1 province … 5 community or village."""

    __tablename__ = "division"
    __table_args__ = (
        UniqueConstraint("code_system", "edition", "code"),
        Index(None, "code"),
        Index(None, "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index(None, "parent_id"),
        Index("ix_division_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Surrogate]
    code: Mapped[Division12]
    code_system: Mapped[str] = mapped_column(String(16))
    edition: Mapped[str] = mapped_column(String(16))
    level: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    pinyin: Mapped[str] = mapped_column(server_default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    urban_rural: Mapped[str] = mapped_column(String(3), server_default="")
    geom: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=SRID, spatial_index=False)
    )
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    version: Mapped[Version]


class DivisionImprint(Table):
    """The foot line of plates in a division, inherited by divisions below it without one.

    ``issuer`` is the issuing authority (监制) as printed; ``postcode`` has six digits.
    """

    __tablename__ = "division_imprint"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    issuer: Mapped[str] = mapped_column(server_default="")
    postcode: Mapped[str] = mapped_column(String(6), server_default="")
    version: Mapped[Version]


class DivisionChange(Table):
    """A published change of a division: what it was, what it became, and the source."""

    __tablename__ = "division_change"
    __table_args__ = (Index(None, "old_code"), Index(None, "new_code"))

    id: Mapped[Surrogate]
    year: Mapped[int]
    kind: Mapped[str]
    old_code: Mapped[str] = mapped_column(String(12), server_default="")
    old_name: Mapped[str] = mapped_column(server_default="")
    new_code: Mapped[str] = mapped_column(String(12), server_default="")
    new_name: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(server_default="")
