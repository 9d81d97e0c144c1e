"""Counts of limited requests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "request_count",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "who", name=op.f("pk_request_count")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_request_count_started_at"), "request_count", ["started_at"])


def downgrade() -> None:
    op.drop_table("request_count")
