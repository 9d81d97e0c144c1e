"""Batches go to their maker and come back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENTS = ("handed_over_at", "received_at")


def upgrade() -> None:
    op.add_column("plate_batch", sa.Column("maker", sa.Text(), server_default="", nullable=False))
    for name in MOMENTS:
        op.add_column("plate_batch", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "update plate_batch b set plates = (select count(*) from plate p where p.batch_id = b.id) "
        "where status = 'issued'"
    )


def downgrade() -> None:
    for name in ("maker", *MOMENTS):
        op.drop_column("plate_batch", name)
