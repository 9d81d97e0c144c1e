"""Who has the plates of a division made, and its postcode."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "division_imprint",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("issuer", sa.Text(), server_default="", nullable=False),
        sa.Column("postcode", sa.String(length=6), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_division_imprint")),
    )


def downgrade() -> None:
    op.drop_table("division_imprint")
