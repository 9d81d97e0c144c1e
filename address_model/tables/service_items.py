"""Services of a plate (办事服务): what residents can have done, by which office, and where."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    CreatedAt,
    Division12,
    Surrogate,
    Table,
    ValidFrom,
    Version,
)


class ServiceItem(Table):
    """One item (事项) for all addresses of a division and of what lies below; "" is everywhere.

    ``kinds`` are the kinds of address it is for, none for all. ``link`` is an https URL that may
    contain ``{code}``, for the address code. ``rank`` orders the items of a page. A withdrawn item
    is kept, and shown to nobody.
    """

    __tablename__ = "service_item"
    __table_args__ = (
        CheckConstraint("link <> '' or phone <> ''", name="reachable"),
        Index("ix_service_item_division", "division", "rank", "id"),
    )

    id: Mapped[Surrogate]
    division: Mapped[Division12] = mapped_column(server_default="")
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default="")
    office: Mapped[str] = mapped_column(server_default="")
    hours: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    link: Mapped[str] = mapped_column(server_default="")
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String(16)), server_default="{}")
    rank: Mapped[int] = mapped_column(SmallInteger, server_default="100")
    is_sample: Mapped[bool] = mapped_column(server_default="false")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]
