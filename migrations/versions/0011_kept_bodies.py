"""Bodies of scan pages that were made once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kept_body",
        sa.Column("token", sa.String(length=10), nullable=False),
        sa.Column("plate_version", sa.BigInteger(), nullable=False),
        sa.Column("address_version", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_kept_body")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_kept_body_made_at"), "kept_body", ["made_at"])
    # Compressed, but not moved out of the row; lz4 where the server was built with it.
    op.execute("alter table kept_body set (toast_tuple_target = 4080)")
    op.execute(
        "do $$ begin alter table kept_body alter column body set compression lz4; "
        "exception when feature_not_supported or invalid_parameter_value then null; end $$"
    )


def downgrade() -> None:
    op.drop_table("kept_body")
