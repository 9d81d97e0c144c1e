"""Programs of departments are managed by a division, and name an office to ask."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0065"
down_revision: str | None = "0068"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("client", sa.Column("office", sa.Text(), server_default="", nullable=False))
    division = sa.Column("division", sa.String(length=12), server_default="", nullable=False)
    op.add_column("client", division)


def downgrade() -> None:
    op.drop_column("client", "division")
    op.drop_column("client", "office")
