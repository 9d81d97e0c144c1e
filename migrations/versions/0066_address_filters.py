"""Indexes for pages of addresses by state, by rare levels and by the time of the last change."""

from collections.abc import Sequence

from alembic import op

revision: str = "0066"
down_revision: str | None = "0063"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_address_status_code", "address", ["status", "code"],
        postgresql_where="status <> 'active'",
    )  # fmt: skip
    op.create_index(
        "ix_address_rare_level", "address", ["level", "code"],
        postgresql_where="level not in ('number', 'building', 'unit', 'room')",
    )  # fmt: skip
    op.create_index("ix_address_updated_at", "address", ["updated_at"], postgresql_using="brin")


def downgrade() -> None:
    for name in ("ix_address_updated_at", "ix_address_rare_level", "ix_address_status_code"):
        op.drop_index(name, "address")
