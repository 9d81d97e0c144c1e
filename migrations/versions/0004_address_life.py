"""Why an address is in its state, and what followed an address that was divided."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "address", sa.Column("status_reason", sa.Text(), server_default="", nullable=False)
    )
    op.create_table(
        "address_succession",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("successor_code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["address.code"], name=op.f("fk_address_succession_code")
        ),
        sa.ForeignKeyConstraint(
            ["successor_code"],
            ["address.code"],
            name=op.f("fk_address_succession_successor_code"),
        ),
        sa.PrimaryKeyConstraint("code", "successor_code", name=op.f("pk_address_succession")),
    )


def downgrade() -> None:
    op.drop_table("address_succession")
    op.drop_column("address", "status_reason")
