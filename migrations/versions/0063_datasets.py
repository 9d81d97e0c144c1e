"""Datasets of departments, their rows by address code, and a second person's approval of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0063"
down_revision: str | None = "0065"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NOW = sa.text("clock_timestamp()")
_KINDS = "kind in ('plate_batch', 'list_upload', 'address_change', 'client_grant'{})"


def upgrade() -> None:
    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("destroy_by", sa.Date(), nullable=True),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="draft", nullable=False),
        sa.Column("is_sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'approved', 'withdrawn')", name=op.f("ck_dataset_state")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_dataset_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
    )
    op.create_index("ix_dataset_division", "dataset", ["division", "id"])
    op.create_index("ix_dataset_client_id", "dataset", ["client_id"])
    op.create_index(
        "uq_dataset_name",
        "dataset",
        ["name"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "dataset_row",
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("data", JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_row_dataset_id")
        ),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_dataset_row_code")),
        sa.PrimaryKeyConstraint("dataset_id", "source_id", name=op.f("pk_dataset_row")),
    )
    op.create_index("ix_dataset_row_code", "dataset_row", ["code", "dataset_id"])
    op.create_index(
        "ix_dataset_row_updated_at", "dataset_row", ["dataset_id", "updated_at", "source_id"]
    )
    op.create_table(
        "dataset_push",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("new", "changed", "same", "refused")
        ),
        sa.Column("faults", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_push_dataset_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_push")),
    )
    op.create_index("ix_dataset_push_dataset_id", "dataset_push", ["dataset_id", "id"])
    for table in ("dataset", "dataset_row"):
        op.execute(
            f"create trigger raise_version before update on {table} "
            "for each row execute function raise_version()"
        )
    op.drop_constraint(op.f("ck_approval_kind"), "approval")
    op.create_check_constraint(op.f("ck_approval_kind"), "approval", _KINDS.format(", 'dataset'"))


def downgrade() -> None:
    op.execute("delete from approval where kind = 'dataset'")
    op.drop_constraint(op.f("ck_approval_kind"), "approval")
    op.create_check_constraint(op.f("ck_approval_kind"), "approval", _KINDS.format(""))
    for table in ("dataset_push", "dataset_row", "dataset"):
        op.drop_table(table)
