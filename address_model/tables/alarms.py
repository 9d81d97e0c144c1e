"""Alarms (疑点) from scans, the days judged, and beginnings of unknown tokens by day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import (
    Code16,
    CreatedAt,
    Division12,
    Json,
    Surrogate,
    Table,
    Token10,
    Version,
)


class Alarm(Table):
    """A suspicion that a rule drew from a day's scans.

    ``rule`` is ``address_model.alarms.AlarmRule``. ``subject`` is what is not raised again soon:
    the token of the plate, the beginning of unknown tokens, or the number of a duty. An alarm with
    a work item is open as long as that is; one without (forged tokens have no address) is closed by
    hand, and has ``finding``, ``closed_by`` and ``closed_at``. ``figures`` is
    ``service.alarms.figures.AlarmFigures``.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint("work_item is null or closed_at is null", name="closed_by_its_item"),
        Index("uq_alarm_day", "rule", "subject", "opened_on", unique=True),
        Index("ix_alarm_division", "division", "id"),
        Index(None, "work_item"),
        Index(None, "code"),
        Index(None, "token"),
    )

    id: Mapped[Surrogate]
    rule: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(16))
    token: Mapped[Token10] = mapped_column(server_default="")
    code: Mapped[Code16 | None] = mapped_column(ForeignKey("address.code"))
    division: Mapped[Division12] = mapped_column(server_default="")
    opened_on: Mapped[date]
    opened_at: Mapped[CreatedAt]
    reason: Mapped[str]
    figures: Mapped[Json]
    work_item: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    finding: Mapped[str] = mapped_column(server_default="")
    closed_by: Mapped[str] = mapped_column(server_default="")
    closed_at: Mapped[datetime | None]
    version: Mapped[Version]


class AlarmDay(Table):
    """A day whose scans were judged, so that two workers do not judge it twice."""

    __tablename__ = "alarm_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    judged_at: Mapped[CreatedAt]
    raised: Mapped[int] = mapped_column(Integer, server_default="0")


class UnknownTokenCount(Table):
    """Scans per day of unknown tokens that begin alike: the first five characters, never the rest.

    Once a day has many beginnings, further ones are counted under their first three characters, so
    that there are never more than a bounded number however much is typed or probed.
    """

    __tablename__ = "unknown_token_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    beginning: Mapped[str] = mapped_column(String(5), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
