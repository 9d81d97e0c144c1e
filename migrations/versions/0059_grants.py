"""A grant (授权) says what a program may call and see, where, how often, from where and until when.

What a program was granted before keeps its permission, with the fields of the register and all
levels. Reading was open to every key and is so no longer: it needs a grant.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0059"
down_revision: str | None = "0058"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.rename_table("client_grant", "client_permission")
    op.execute("alter index pk_client_grant rename to pk_client_permission")
    for column in ("owner", "note"):
        op.add_column("client", sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.create_table(
        "client_grant",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column("permissions", ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("classes", ARRAY(sa.String(length=16)), nullable=False),
        sa.Column("is_deep", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("per_minute", sa.Integer(), server_default="0", nullable=False),
        sa.Column("per_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("networks", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Text(), server_default="", nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("per_minute >= 0 and per_day >= 0", name=op.f("ck_client_grant_quota")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_grant_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_grant")),
    )
    op.create_index(op.f("ix_client_grant_client_id"), "client_grant", ["client_id"])
    op.execute(
        "insert into client_grant (client_id, division, permissions, classes, is_deep, "
        "valid_from, given_at) "
        "select client_id, division, array_agg(permission order by permission), "
        "'{public,register}', true, min(granted_at), min(granted_at) "
        "from client_permission group by client_id, division"
    )
    op.drop_table("client_permission")
    op.execute(
        "create trigger raise_version before update on client_grant "
        "for each row execute function raise_version()"
    )


def downgrade() -> None:
    op.rename_table("client_grant", "client_grant_of_fields")
    op.execute("alter index pk_client_grant rename to pk_client_grant_of_fields")
    op.create_table(
        "client_grant",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_grant_client_id")
        ),
        sa.PrimaryKeyConstraint(
            "client_id", "permission", "division", name=op.f("pk_client_grant")
        ),
    )
    op.execute(
        "insert into client_grant (client_id, permission, division) "
        "select distinct client_id, unnest(permissions), division from client_grant_of_fields "
        "where withdrawn_at is null"
    )
    op.drop_table("client_grant_of_fields")
    for column in ("note", "owner"):
        op.drop_column("client", column)
