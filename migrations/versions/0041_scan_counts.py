"""How often plates are scanned, by hour and by what was answered; nothing of who scanned."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "scan_count",
        sa.Column("token", sa.String(length=10), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", "hour", "outcome", name=op.f("pk_scan_count")),
    )
    op.create_index(op.f("ix_scan_count_hour"), "scan_count", ["hour"])


def downgrade() -> None:
    op.drop_table("scan_count")
