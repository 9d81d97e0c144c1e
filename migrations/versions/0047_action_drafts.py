"""Forms of addresses that are kept as drafts, and changes of many that a second person approves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = "kind in ('plate_batch', 'list_upload'{})"


def _set_kinds(more: str) -> None:
    op.drop_constraint(op.f("ck_approval_kind"), "approval")
    op.create_check_constraint(op.f("ck_approval_kind"), "approval", _KINDS.format(more))


def upgrade() -> None:
    now = sa.text("clock_timestamp()")
    op.create_table(
        "action_draft",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("fields", JSONB(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("shown", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="draft", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("binned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'waiting', 'approved', 'done', 'binned')",
            name=op.f("ck_action_draft_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_action_draft_account_id")
        ),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_action_draft_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_draft")),
    )
    op.create_index("ix_action_draft_account_id", "action_draft", ["account_id", "state"])
    op.create_index("ix_action_draft_code", "action_draft", ["code", "state"])
    op.create_index(
        "uq_action_draft_kept",
        "action_draft",
        ["account_id", "code", "action"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.execute(
        "create trigger raise_version before update on action_draft "
        "for each row execute function raise_version()"
    )
    _set_kinds(", 'address_change'")


def downgrade() -> None:
    op.execute("delete from approval where kind = 'address_change'")
    _set_kinds("")
    op.drop_table("action_draft")
