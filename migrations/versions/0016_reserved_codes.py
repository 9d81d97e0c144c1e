"""Codes that are reserved before their addresses are known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "code_reservation",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reserved_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_code_reservation")),
    )


def downgrade() -> None:
    op.drop_table("code_reservation")
