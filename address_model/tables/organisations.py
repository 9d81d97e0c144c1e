"""Units (单位) of the five levels, the posts (岗位) in them, and who holds a post when."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    CreatedAt,
    Division12,
    Surrogate,
    Table,
    ValidFrom,
    Version,
)


class Unit(Table):
    """An office of a division; its public number (``address_model.units``) is never reused.

    Each write of its posts and their holders raises its version too (``changed_at``), because
    people see and edit them as one page.
    """

    __tablename__ = "unit"
    __table_args__ = (
        Index(None, "division", "number"),
        Index(None, "parent_id"),
    )

    id: Mapped[Surrogate]
    number: Mapped[str] = mapped_column(String(11), unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(32))
    division: Mapped[Division12]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    phone: Mapped[str] = mapped_column(server_default="")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    changed_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Post(Table):
    """A post of a unit; whoever holds it has its ``role``, if any, in the unit's division."""

    __tablename__ = "post"
    __table_args__ = (Index(None, "unit_id"),)

    id: Mapped[Surrogate]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(32), server_default="")
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    version: Mapped[Version]


class Holding(Table):
    """A person holds a post from a first to a last day; rows stay, so that the past can be told."""

    __tablename__ = "holding"
    __table_args__ = (Index(None, "post_id"), Index(None, "account_id"))

    id: Mapped[Surrogate]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"))
    valid_from: Mapped[ValidFrom]
    valid_to: Mapped[date | None]
    version: Mapped[Version]
