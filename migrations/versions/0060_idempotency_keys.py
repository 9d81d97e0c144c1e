"""One table of Idempotency-Keys, in place of the columns of batches; lists that programs send."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0060"
down_revision: str | None = "0062"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    now = sa.text("clock_timestamp()")
    op.create_table(
        "idempotency_key",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("headers", JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(op.f("ix_idempotency_key_created_at"), "idempotency_key", ["created_at"])
    op.drop_index("uq_plate_batch_request", table_name="plate_batch")
    op.drop_column("plate_batch", "request_key")
    op.drop_column("plate_batch", "request_digest")
    op.alter_column("list_upload", "account_id", nullable=True)
    op.add_column("list_upload", sa.Column("client_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_list_upload_client_id"), "list_upload", "client", ["client_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_list_upload_author"), "list_upload", "num_nonnulls(account_id, client_id) = 1"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_list_upload_author"), "list_upload")
    op.execute(
        "delete from list_upload where account_id is null"
    )  # an earlier version knows no lists of programs; their addresses stay
    op.drop_column("list_upload", "client_id")
    op.alter_column("list_upload", "account_id", nullable=False)
    text = sa.Column("request_digest", sa.String(length=64), server_default="", nullable=False)
    op.add_column("plate_batch", sa.Column("request_key", sa.String(length=255), nullable=True))
    op.add_column("plate_batch", text)
    op.create_index(
        "uq_plate_batch_request", "plate_batch", ["author_id", "request_key"], unique=True
    )
    op.drop_table("idempotency_key")
