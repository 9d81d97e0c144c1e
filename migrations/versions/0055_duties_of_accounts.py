"""The account of whoever holds a duty."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0055"
down_revision: str | None = "0053"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("duty", sa.Column("account_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_duty_account_id"), "duty", "staff_account", ["account_id"], ["id"]
    )
    op.create_index(
        "ix_duty_account_id",
        "duty",
        ["account_id"],
        postgresql_where=sa.text("account_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_duty_account_id", "duty")
    op.drop_constraint(op.f("fk_duty_account_id"), "duty")
    op.drop_column("duty", "account_id")
