"""Reports of residents (居民报告): what was said about a plate or an address, by nobody known."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    Code16,
    CreatedAt,
    Division12,
    Table,
    Token10,
    Version,
)


class Report(Table):
    """One report: of a plate (``token``), or of an address by its public page (``token`` empty).

    Nothing is kept of its sender: who has the number and the follow token, of which only a hash is
    kept, reads the answer. ``photo`` is the name of the re-encoded file, ``photo_bytes`` its size;
    text and photo are emptied some time after closing (``cleared_at``). ``joined_to`` is the open
    report that it doubles, ``work_item`` the work that both opened. ``level`` is the level of
    divisions that it has risen to (5 village, 4 township, 3 county), ``risen_at`` the last time.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("kind in ('broken', 'wrong', 'phone', 'place', 'other')", name="kind"),
        CheckConstraint("state in ('received', 'assigned', 'done', 'unfounded')", name="state"),
        CheckConstraint("feedback in ('', 'useful', 'unsolved')", name="feedback"),
        Index("ix_report_division", "division", "state", "received_at", "number"),
        Index("ix_report_received_at", "received_at"),
        Index("ix_report_work_item", "work_item"),
        Index("ix_report_joined_to", "joined_to"),
        Index("ix_report_area_id", "area_id"),
        Index(
            "ix_report_open", "code", "kind", postgresql_where="state in ('received', 'assigned')"
        ),
        Index("ix_report_closed", "closed_at", postgresql_where="cleared_at is null"),
        Index("ix_report_photo", "photo", postgresql_where="photo <> ''"),
    )

    number: Mapped[str] = mapped_column(String(10), primary_key=True)
    follow_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    token: Mapped[Token10 | None] = mapped_column(ForeignKey("plate.token"))
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    division: Mapped[Division12]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    text: Mapped[str] = mapped_column(server_default="")
    photo: Mapped[str] = mapped_column(server_default="")
    photo_bytes: Mapped[int] = mapped_column(Integer, server_default="0")
    state: Mapped[str] = mapped_column(String(16), server_default="received")
    answer: Mapped[str] = mapped_column(server_default="")
    work_item: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    joined_to: Mapped[str | None] = mapped_column(String(10), ForeignKey("report.number"))
    language: Mapped[str] = mapped_column(String(2), server_default="zh")
    feedback: Mapped[str] = mapped_column(String(16), server_default="")
    level: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    received_at: Mapped[CreatedAt]
    risen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(server_default="")
    cleared_at: Mapped[datetime | None]
    version: Mapped[Version]
