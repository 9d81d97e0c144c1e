"""Webhooks: where a department's program wants changes sent to, and what was sent."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Division12, Surrogate, Table, Version


class Webhook(Table):
    """One webhook of a program: what people decide about it; the sender stops it at most.

    ``subjects`` are kinds of records, none for all. ``division`` is a code or its beginning, ""
    is everything that the program is granted; ``area`` is ``kind:code`` or "". The secret is not
    stored: it is derived from ``salt`` with the key ``key_id`` of the installation. The former
    secret signs too until ``former_until``.
    """

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("state in ('active', 'paused', 'stopped')", name="state"),
        Index(None, "client_id"),
    )

    id: Mapped[Surrogate]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    url: Mapped[str]
    subjects: Mapped[list[str]] = mapped_column(ARRAY(String(32)), server_default="{}")
    division: Mapped[Division12] = mapped_column(server_default="")
    area: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(String(8), server_default="active")
    stopped_because: Mapped[str] = mapped_column(String(16), server_default="")
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(8))
    former_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_key_id: Mapped[str] = mapped_column(String(8), server_default="")
    former_until: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class WebhookProgress(Table):
    """How far a webhook is; only the sender writes it, apart from what people decide.

    Everything up to ``position`` of the feed was sent, is waiting as a delivery, or does not
    concern it. Whoever sends holds it until ``busy_until``.
    """

    __tablename__ = "webhook_progress"

    webhook_id: Mapped[int] = mapped_column(
        ForeignKey("webhook.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(BigInteger)
    busy_until: Mapped[CreatedAt]
    failing_since: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]


class WebhookDelivery(Table):
    """One message: the changes after ``after`` up to ``position``, or a ping.

    Its body is not stored: it is read from the feed at each attempt. ``status`` is that of the
    last HTTP answer, ``fault`` a word for what went wrong.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("kind in ('changes', 'ping')", name="kind"),
        CheckConstraint("state in ('pending', 'delivered', 'dead')", name="state"),
        Index(None, "webhook_id", "id"),
        Index("ix_webhook_delivery_open", "webhook_id", postgresql_where="state <> 'delivered'"),
    )

    id: Mapped[Surrogate]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    after: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    changes: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    state: Mapped[str] = mapped_column(String(10), server_default="pending")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    due_at: Mapped[CreatedAt]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    fault: Mapped[str] = mapped_column(String(16), server_default="")
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
