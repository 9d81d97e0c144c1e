"""Batches as lists that are approved, made, proven and handed over."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = postgresql.JSONB(astext_type=sa.Text())
_TEXTS = ("reason", "reprint_reason")
_KEYS = (("author_id", "staff_account"), ("approver_id", "staff_account"), ("run_id", "run"))


def upgrade() -> None:
    batch = "plate_batch"
    columns = [
        sa.Column("status", sa.String(length=20), server_default="issued", nullable=False),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column("plates", sa.Integer(), server_default="0", nullable=False),
        sa.Column("choice", JSON, server_default="{}", nullable=False),
        sa.Column("press", JSON, server_default="{}", nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_key", sa.String(length=255), nullable=True),
        sa.Column("request_digest", sa.String(length=64), server_default="", nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in _TEXTS),
        *(sa.Column(name, sa.Integer(), nullable=True) for name, _ in _KEYS),
    ]
    for column in columns:
        op.add_column(batch, column)
    for name, other in _KEYS:
        op.create_foreign_key(op.f(f"fk_plate_batch_{name}"), batch, other, [name], ["id"])
    op.create_index(op.f("ix_plate_batch_division_id"), batch, ["division", "id"])
    op.create_index("uq_plate_batch_request", batch, ["author_id", "request_key"], unique=True)
    op.create_table(
        "plate_batch_item",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("design", sa.String(length=32), server_default="", nullable=False),
        sa.Column("token", sa.String(length=10), nullable=True),
        sa.Column("replaces", sa.String(length=10), nullable=True),
        sa.Column("left_out", sa.Text(), server_default="", nullable=False),
        sa.Column("file", sa.Text(), server_default="", nullable=False),
        sa.Column("page", sa.Integer(), server_default="0", nullable=False),
        sa.Column("spot", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["plate_batch.id"], name=op.f("fk_plate_batch_item_batch_id")
        ),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_plate_batch_item_code")),
        sa.PrimaryKeyConstraint("batch_id", "place", name=op.f("pk_plate_batch_item")),
    )
    op.create_index(op.f("ix_plate_batch_item_code"), "plate_batch_item", ["code"])
    op.create_index(op.f("ix_plate_batch_item_token"), "plate_batch_item", ["token"])


def downgrade() -> None:
    op.drop_table("plate_batch_item")
    op.drop_index("uq_plate_batch_request", table_name="plate_batch")
    op.drop_index(op.f("ix_plate_batch_division_id"), table_name="plate_batch")
    names = ["status", "division", "plates", "choice", "press", "approved_at", "request_key"]
    for name in [*names, "request_digest", *_TEXTS, *(name for name, _ in _KEYS)]:
        op.drop_column("plate_batch", name)
