"""What an officer decides about a check-in far from the register's point."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0056"
down_revision: str | None = "0057"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APP = "menpai_app"


def upgrade() -> None:
    op.create_table(
        "check_in_review",
        sa.Column("token", sa.String(length=10), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "answer in ('moved', 'again', 'refused')", name=op.f("ck_check_in_review_answer")
        ),
        sa.ForeignKeyConstraint(
            ["token", "event_id"],
            ["plate_event.token", "plate_event.id"],
            name=op.f("fk_check_in_review_token_event_id"),
        ),
        sa.PrimaryKeyConstraint("token", "event_id", name=op.f("pk_check_in_review")),
    )
    op.execute(f"revoke update, delete, truncate on check_in_review from {APP}")


def downgrade() -> None:
    op.drop_table("check_in_review")
