"""Work items (工单) for people; tasks are jobs for the machine."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Division12, Surrogate, Table, Version


class WorkItem(Table):
    """One piece of work on a plate or an address, with due day and assignee.

    ``subject`` is plate or address, ``key`` its token or code. ``campaign`` names the list an item
    was made for (inspect-2026), so that making the list again adds no duplicates. ``cause`` is why
    the system opened it itself (``other_text``): without the cause the item is closed. A subject
    has at most one open item of a kind.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        Index("uq_work_item_open", "key", "kind", unique=True, postgresql_where="state = 'open'"),
        Index(
            "uq_work_item_campaign",
            "key",
            "campaign",
            unique=True,
            postgresql_where="campaign <> ''",
        ),
        Index("ix_work_item_key", "key", "id"),
        Index("ix_work_item_division", "state", "division", "due", "id"),
        Index("ix_work_item_area", "area_id", "state", "due", "id"),
        Index(
            "ix_work_item_assignee",
            "assignee",
            "state",
            "due",
            "id",
            postgresql_where="assignee <> ''",
        ),
    )

    id: Mapped[Surrogate]
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(16))
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    division: Mapped[Division12]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    campaign: Mapped[str] = mapped_column(String(32), server_default="")
    cause: Mapped[str] = mapped_column(String(16), server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    due: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), server_default="open")
    assignee: Mapped[str] = mapped_column(server_default="")
    outcome: Mapped[str] = mapped_column(server_default="")
    opened_by: Mapped[str]
    opened_at: Mapped[CreatedAt]
    closed_by: Mapped[str] = mapped_column(server_default="")
    closed_at: Mapped[datetime | None]
    version: Mapped[Version]
