"""Batches for trial (试印): their plates count from -1 downwards, real ones from 1 upwards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_SAMPLES = """
    exists (select 1 from plate p where p.batch_id = b.id) and not exists (
    select 1 from plate p left join address a on a.code = p.code
    where p.batch_id = b.id and not coalesce(a.is_sample, false))
"""
"""Batches of a demo: all of their plates stand for example addresses."""

BEHIND_REAL = """
    update plate p set generation = greatest(n.real, 0) - p.generation from (
    select code, max(generation) as real from plate group by code) n
    where n.code = p.code and p.generation < 0
"""
"""(code, generation) is unique: trial plates come after the real ones of their addresses."""


def upgrade() -> None:
    op.add_column(
        "plate_batch",
        sa.Column("is_trial", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(f"update plate_batch b set is_trial = true where {OF_SAMPLES}")
    op.execute(
        "update plate p set generation = -p.generation from plate_batch b "
        "where b.id = p.batch_id and b.is_trial"
    )
    op.create_index(
        "ix_address_is_sample", "address", ["code"], postgresql_where=sa.text("is_sample")
    )


def downgrade() -> None:
    op.drop_index("ix_address_is_sample", table_name="address")
    op.execute(BEHIND_REAL)
    op.drop_column("plate_batch", "is_trial")
