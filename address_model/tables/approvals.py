"""Requests for approval (审批): the subject, the author and the decision of a second person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import CreatedAt, Surrogate, Table, Version


class Approval(Table):
    """One request, or the record that something below the threshold went on without one.

    ``subject`` is the key of the record in question, ``digest`` the SHA-256 of what is approved and
    ``size`` the number compared with the threshold. ``author`` is the requesting actor,
    ``author_id`` the account (none for a program and for the first set-up). Approved without a
    ``decider_id`` means below the threshold. A subject has at most one open request; one that was
    sent back gets a new request.
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
        CheckConstraint(
            "kind in ('plate_batch', 'list_upload', 'address_change', 'client_grant', 'dataset')",
            name="kind",
        ),
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
