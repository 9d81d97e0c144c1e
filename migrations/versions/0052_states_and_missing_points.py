"""Indexes for lists of addresses in a state other than active, and of those without a point."""

from collections.abc import Sequence

from alembic import op

revision: str = "0052"
down_revision: str | None = "0047"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_address_unusual_status",
        "address",
        ["status", "street_order", "code"],
        postgresql_where="status <> 'active'",
    )
    op.create_index(
        "ix_address_without_point",
        "address",
        ["street_order", "code"],
        postgresql_where="geom is null",
    )


def downgrade() -> None:
    op.drop_index("ix_address_without_point", "address")
    op.drop_index("ix_address_unusual_status", "address")
