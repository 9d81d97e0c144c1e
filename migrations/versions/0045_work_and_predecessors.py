"""Indexes for the desk: the work at one plate or address, and what an address took the place of."""

from collections.abc import Sequence

from alembic import op

revision: str = "0045"
down_revision: str | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_work_item_key", "work_item", ["key", "id"])
    op.create_index(
        "ix_address_successor_code",
        "address",
        ["successor_code"],
        postgresql_where="successor_code is not null",
    )
    op.create_index(
        "ix_address_succession_successor_code", "address_succession", ["successor_code"]
    )


def downgrade() -> None:
    op.drop_index("ix_address_succession_successor_code", "address_succession")
    op.drop_index("ix_address_successor_code", "address")
    op.drop_index("ix_work_item_key", "work_item")
