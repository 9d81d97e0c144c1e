"""Rows that imports have seen: unchanged, they need not be read again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "import_seen",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("parts", sa.SmallInteger(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["address.code"], name=op.f("fk_import_seen_code"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "code", name=op.f("pk_import_seen")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_import_seen_code"), "import_seen", ["code"])


def downgrade() -> None:
    op.drop_table("import_seen")
