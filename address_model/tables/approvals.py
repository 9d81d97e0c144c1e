"""Requests for approval (审批): what is asked, by whom, and what a second person said."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Surrogate, Table, Version


class Approval(Table):
    """One request, or the note that something went on without one because it was small.

    ``subject`` is the key of what is asked about, ``digest`` the SHA-256 of what is agreed to and
    ``size`` what the threshold counts. ``author`` is the actor who asked, ``author_id`` the account
    (none for a program and for the first set-up). Approved without a ``decider_id`` went on alone.
    One request of a subject is open at a time; a subject that was sent back gets a new one.
    """

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_subject", "kind", "subject", "id"),
        Index("uq_approval_open", "kind", "subject", unique=True, postgresql_where="decision = ''"),
        Index(
            "ix_approval_alone",
            "kind",
            "asked_at",
            postgresql_where="decision = 'approved' and decider_id is null",
        ),
        CheckConstraint("kind in ('plate_batch')", name="kind"),
        CheckConstraint("decision in ('', 'approved', 'sent_back', 'withdrawn')", name="decision"),
    )

    id: Mapped[Surrogate]
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    division: Mapped[str] = mapped_column(String(12), server_default="")
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    author: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("staff_account.id"))
    asked_at: Mapped[CreatedAt]
    decision: Mapped[str] = mapped_column(String(16), server_default="")
    decider_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("staff_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    version: Mapped[Version]
