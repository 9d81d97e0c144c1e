"""What programs called, by day; tokens that they get for their keys; grants that are agreed to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0067"
down_revision: str | None = "0059"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")
KINDS = ("plate_batch", "list_upload", "address_change")


def _allow_approvals_of(*kinds: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f("ck_approval_kind"), "approval")
    op.create_check_constraint(op.f("ck_approval_kind"), "approval", f"kind in ({listed})")


def upgrade() -> None:
    op.create_table(
        "client_usage",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_usage_client_id")
        ),
        sa.PrimaryKeyConstraint("client_id", "call", "day", name=op.f("pk_client_usage")),
    )
    op.create_table(
        "client_token",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("scopes", ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["prefix"], ["client_key.prefix"], name=op.f("fk_client_token_prefix")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_client_token")),
    )
    op.create_index("ix_client_token_prefix", "client_token", ["prefix", "expires_at"])
    op.add_column("client_grant", sa.Column("agreed_at", sa.DateTime(timezone=True)))
    op.execute("update client_grant set agreed_at = given_at")
    _allow_approvals_of(*KINDS, "client_grant")


def downgrade() -> None:
    op.execute("delete from approval where kind = 'client_grant'")
    _allow_approvals_of(*KINDS)
    op.drop_column("client_grant", "agreed_at")
    op.drop_table("client_token")
    op.drop_table("client_usage")
