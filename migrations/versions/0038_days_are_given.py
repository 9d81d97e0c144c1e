"""No column takes the day of the database, which counts in UTC: who writes a row says the day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("area", "duty", "address_name", "address_identifier", "place_township")


def upgrade() -> None:
    for table in TABLES:
        op.alter_column(table, "valid_from", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        op.alter_column(table, "valid_from", server_default=sa.text("CURRENT_DATE"))
