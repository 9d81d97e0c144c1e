"""The register itself: code spaces, addresses, their current and former names, foreign ids."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    SRID,
    Code16,
    County6,
    CreatedAt,
    Json,
    Table,
    ValidFrom,
    Version,
)


class CodeSpace(Table):
    """The code space of one county: its secret key and the next counter, which only goes up."""

    __tablename__ = "code_space"
    __table_args__ = (CheckConstraint("counter between 0 and 100000000", name="counter"),)

    county: Mapped[County6] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    counter: Mapped[int] = mapped_column(Integer, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class CodeReservation(Table):
    """A code reserved from its county's code space for an address not known yet.

    It is used once an address has it; the row stays and records for whom it was reserved.
    """

    __tablename__ = "code_reservation"

    code: Mapped[Code16] = mapped_column(primary_key=True)
    county: Mapped[County6]
    purpose: Mapped[str]
    reserved_by: Mapped[str]
    created_at: Mapped[CreatedAt]


LANES = "(coalesce(elements ->> 'lanes', ''))"
"""The lanes of an address as text, for the index of doors: on a long road the same number stands in
a hundred lanes."""


class Address(Table):
    """One standard address (标准地址) under its permanent code.

    ``elements`` is ``address_model.elements.Elements`` as JSON; ``street`` and ``number_order``
    repeat two of them to find doors; ``street_order`` is the key of ``address_model.street_order``,
    by which lists are in the order of the street. ``place_id`` is the place it counts along,
    ``second_place_id`` the road of an estate's gate, or the estate that a door names.
    ``successor_code`` is the one address that took its place; what was divided has none, and a row
    of ``AddressSuccession`` for each part. ``geom`` is the address's own point
    (代表点), by which it lies in areas; ``AddressPosition`` has the others. Every unique constraint
    contains the code, so that the table can be sharded by it.
    """

    __tablename__ = "address"
    __table_args__ = (
        Index(None, "division_id", "code"),
        Index("ix_address_doors", "county", "street", "number_order", text(LANES)),
        Index(None, "street_order"),
        Index(None, "county", "code"),
        Index("ix_address_parent_code", "parent_code", postgresql_where="parent_code is not null"),
        Index("ix_address_place_id", "place_id", "code", postgresql_where="place_id is not null"),
        Index(
            "ix_address_second_place_id",
            "second_place_id",
            "code",
            postgresql_where="second_place_id is not null",
        ),
        Index(
            "ix_address_successor_code",
            "successor_code",
            postgresql_where="successor_code is not null",
        ),
        Index("ix_address_geom", "geom", postgresql_using="gist"),
        Index(
            "ix_address_unusual_status",
            "status",
            "street_order",
            "code",
            postgresql_where="status <> 'active'",
        ),
        Index("ix_address_status_code", "status", "code", postgresql_where="status <> 'active'"),
        Index(
            "ix_address_rare_level",
            "level",
            "code",
            postgresql_where="level not in ('number', 'building', 'unit', 'room')",
        ),
        Index("ix_address_updated_at", "updated_at", postgresql_using="brin"),
        Index("ix_address_without_point", "street_order", "code", postgresql_where="geom is null"),
        Index("ix_address_is_sample", "code", postgresql_where="is_sample"),
    )

    code: Mapped[Code16] = mapped_column(primary_key=True)
    county: Mapped[County6]
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    standard_text: Mapped[str]
    elements: Mapped[Json]
    street: Mapped[str] = mapped_column(server_default="")
    number_order: Mapped[int | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place_name.id"))
    second_place_id: Mapped[int | None] = mapped_column(ForeignKey("place_name.id"))
    street_order: Mapped[bytes] = mapped_column(LargeBinary)
    level: Mapped[str] = mapped_column(String(16))
    parent_code: Mapped[str | None] = mapped_column(String(16), ForeignKey("address.code"))
    status: Mapped[str] = mapped_column(String(16), server_default="active")
    status_reason: Mapped[str] = mapped_column(server_default="")
    successor_code: Mapped[str | None] = mapped_column(String(16), ForeignKey("address.code"))
    geom: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", srid=SRID, spatial_index=False)
    )
    point_note: Mapped[str] = mapped_column(server_default="")
    point_accuracy: Mapped[str] = mapped_column(String(1), server_default="")
    point_source: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str] = mapped_column(server_default="")
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    version: Mapped[Version]


class AddressSuccession(Table):
    """The successors of a divided address, one row for each."""

    __tablename__ = "address_succession"
    __table_args__ = (Index("ix_address_succession_successor_code", "successor_code"),)

    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"), primary_key=True)
    successor_code: Mapped[Code16] = mapped_column(ForeignKey("address.code"), primary_key=True)


class AddressName(Table):
    """One current or former text of an address, under its canonical key for look-up.

    A renaming changes no key, so an address may have several former texts under one; ``variant``
    distinguishes them.
    """

    __tablename__ = "address_name"
    __table_args__ = (
        Index(None, "code"),
        Index(
            "uq_address_name_current_standard",
            "key",
            unique=True,
            postgresql_where="kind = 'standard' and valid_to is null",
        ),
    )

    key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    variant: Mapped[str] = mapped_column(
        String(12),
        Computed(
            "case when kind = 'standard' then '' else left(md5(text), 12) end", persisted=True
        ),
        primary_key=True,
    )
    text: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="")
    source_id: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]


class AddressIdentifier(Table):
    """An identifier in another scheme: a city's code, a library's id, a row of a source."""

    __tablename__ = "address_identifier"
    __table_args__ = (Index(None, "code"),)

    scheme: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
