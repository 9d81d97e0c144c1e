"""Forms of addresses that are kept: being prepared, waiting for a second person, thrown away."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from address_model.tables.registry import Code16, CreatedAt, Json, Surrogate, Table, Version


class ActionDraft(Table):
    """The form of one action on an address (草稿), as its author filled it in.

    ``fields`` are what was typed, ``seen`` the version of the address that its author read.
    ``shown`` is what the author saw would follow when it was submitted for approval: effects and
    texts. ``binned_at`` is when it was thrown away; a month later it is deleted.
    """

    __tablename__ = "action_draft"
    __table_args__ = (
        Index("ix_action_draft_account_id", "account_id", "state"),
        Index("ix_action_draft_code", "code", "state"),
        Index(
            "uq_action_draft_kept",
            "account_id",
            "code",
            "action",
            unique=True,
            postgresql_where="state = 'draft'",
        ),
        CheckConstraint(
            "state in ('draft', 'waiting', 'approved', 'done', 'binned')", name="state"
        ),
    )

    id: Mapped[Surrogate]
    account_id: Mapped[int] = mapped_column(Integer, ForeignKey("staff_account.id"))
    code: Mapped[Code16] = mapped_column(ForeignKey("address.code"))
    division: Mapped[str] = mapped_column(String(12))
    action: Mapped[str] = mapped_column(String(16))
    fields: Mapped[Json]
    seen: Mapped[int] = mapped_column(BigInteger)
    shown: Mapped[Json] = mapped_column(JSONB, server_default="{}")
    size: Mapped[int] = mapped_column(Integer, server_default="0")
    state: Mapped[str] = mapped_column(String(16), server_default="draft")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    binned_at: Mapped[datetime | None]
    version: Mapped[Version]
