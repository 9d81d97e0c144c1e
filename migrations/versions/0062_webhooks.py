"""Webhooks of departments' programs, how far each is, and its deliveries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0062"
down_revision: str | None = "0066"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _moment(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)


def _word(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length), server_default=default, nullable=False)


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("subjects", ARRAY(sa.String(32)), server_default="{}", nullable=False),
        _word("division", 12),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        _word("state", 8, "active"),
        _word("stopped_because", 16),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(8), nullable=False),
        sa.Column("former_salt", sa.LargeBinary(), nullable=True),
        _word("former_key_id", 8),
        _moment("former_until"),
        _moment("created_at", now=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state in ('active', 'paused', 'stopped')", name=op.f("ck_webhook_state")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_webhook_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index("ix_webhook_client_id", "webhook", ["client_id"])
    op.execute(
        "create trigger raise_version before update on webhook "
        "for each row execute function raise_version()"
    )
    hook = {"name": op.f("fk_webhook_progress_webhook_id"), "ondelete": "CASCADE"}
    op.create_table(
        "webhook_progress",
        sa.Column("webhook_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        _moment("busy_until", now=True),
        _moment("failing_since"),
        _moment("delivered_at"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], **hook),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook_progress")),
    )
    hook["name"] = op.f("fk_webhook_delivery_webhook_id")
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.SmallInteger(), server_default="0", nullable=False),
        _word("state", 10, "pending"),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        _moment("due_at", now=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        _word("fault", 16),
        _moment("created_at", now=True),
        _moment("finished_at"),
        sa.CheckConstraint("kind in ('changes', 'ping')", name=op.f("ck_webhook_delivery_kind")),
        sa.CheckConstraint(
            "state in ('pending', 'delivered', 'dead')", name=op.f("ck_webhook_delivery_state")
        ),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], **hook),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index("ix_webhook_delivery_webhook_id_id", "webhook_delivery", ["webhook_id", "id"])
    op.create_index(
        "ix_webhook_delivery_open",
        "webhook_delivery",
        ["webhook_id"],
        postgresql_where=sa.text("state <> 'delivered'"),
    )


def downgrade() -> None:
    for table in ("webhook_delivery", "webhook_progress", "webhook"):
        op.drop_table(table)
