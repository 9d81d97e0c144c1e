"""Requests of departments for an address that a resident shows them, and where they lead back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0064"
down_revision: str | None = "0061"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "client_return_url",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "registered_at", sa.DateTime(timezone=True), server_default=_STAMP, nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_return_url_client_id")
        ),
        sa.PrimaryKeyConstraint("client_id", "url", name=op.f("pk_client_return_url")),
    )
    op.create_table(
        "address_request",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=_STAMP, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("token_id", sa.String(length=22), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_address_request_client_id")
        ),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_address_request_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_request")),
    )
    for column in ("expires_at", "client_id"):
        op.create_index(f"ix_address_request_{column}", "address_request", [column])


def downgrade() -> None:
    op.drop_table("address_request")
    op.drop_table("client_return_url")
