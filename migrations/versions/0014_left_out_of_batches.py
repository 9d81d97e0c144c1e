"""What was left out of a batch is counted on every list of batches."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_plate_batch_item_left_out"


def upgrade() -> None:
    op.create_index(
        NAME,
        "plate_batch_item",
        ["batch_id", "place"],
        postgresql_where=sa.text("left_out <> ''"),
    )


def downgrade() -> None:
    op.drop_index(NAME, "plate_batch_item")
