"""What programs of departments may do besides reading."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "client_grant",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_grant_client_id")
        ),
        sa.PrimaryKeyConstraint(
            "client_id", "permission", "division", name=op.f("pk_client_grant")
        ),
    )


def downgrade() -> None:
    op.drop_table("client_grant")
