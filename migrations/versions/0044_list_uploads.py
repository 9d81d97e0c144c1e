"""Lists that are uploaded at the desk: what was declared, found and became of their rows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def text(name: str, default: str = "", length: int | None = None) -> sa.Column[str]:
    kind = sa.String(length=length) if length else sa.Text()
    return sa.Column(name, kind, server_default=default, nullable=False)


def json(name: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), nullable=False)


def moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def upgrade() -> None:
    op.create_table(
        "list_upload",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        text("division", length=12),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        text("sheet"),
        text("heading", length=16),
        json("columns"),
        text("crs", "4490", length=8),
        text("source"),
        text("state", "read", length=16),
        json("reading"),
        json("result"),
        moment("created_at"),
        moment("updated_at"),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state in ('read', 'checked', 'storing', 'stored', 'abandoned')",
            name=op.f("ck_list_upload_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_list_upload_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_upload")),
    )
    op.create_index("ix_list_upload_division", "list_upload", ["division", "id"])
    op.execute(
        "create trigger raise_version before update on list_upload "
        "for each row execute function raise_version()"
    )


def downgrade() -> None:
    op.drop_table("list_upload")
