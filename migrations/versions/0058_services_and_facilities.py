"""Services of a plate as a register, and places of service of a community."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0058"
down_revision: str | None = "0055"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("service_item", "facility")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _life() -> tuple[sa.Column[object], ...]:
    """The columns that every row of a register with days has."""
    now = sa.text("clock_timestamp()")
    return (
        sa.Column("is_sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "service_item",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *map(_text, ("name_en", "office", "hours", "phone", "link")),
        sa.Column("kinds", ARRAY(sa.String(length=16)), server_default="{}", nullable=False),
        sa.Column("rank", sa.SmallInteger(), server_default="100", nullable=False),
        *_life(),
        sa.CheckConstraint("link <> '' or phone <> ''", name=op.f("ck_service_item_reachable")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item")),
    )
    op.create_index("ix_service_item_division", "service_item", ["division", "rank", "id"])
    op.create_table(
        "facility",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        *map(_text, ("hours", "phone", "note")),
        *_life(),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_facility_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
    )
    op.create_index("ix_facility_code", "facility", ["code", "id"])
    for table in _TABLES:
        op.execute(
            f"create trigger raise_version before update on {table} "
            "for each row execute function raise_version()"
        )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
