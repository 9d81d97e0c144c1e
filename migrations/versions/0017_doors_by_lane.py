"""The index of doors also leads to the lane in which a number stands."""

from collections.abc import Sequence

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LANES = "(coalesce(elements ->> 'lanes', ''))"


def upgrade() -> None:
    op.execute(f"create index ix_address_doors on address (county, street, number_order, {LANES})")
    op.drop_index("ix_address_county_street_number_order", table_name="address")


def downgrade() -> None:
    op.create_index(
        "ix_address_county_street_number_order", "address", ["county", "street", "number_order"]
    )
    op.drop_index("ix_address_doors", table_name="address")
