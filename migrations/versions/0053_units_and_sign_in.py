"""Units, posts and their holders; authenticators, recovery codes and identities for signing in.

A post with a role gives it to whoever holds it. Accounts from before have no unit.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0053"
down_revision: str | None = "0056"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _own() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def _days() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
    )


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def create_organisations() -> None:
    op.create_table(
        "unit",
        _own(),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        _number("parent_id", nullable=True),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        *_days(),
        _moment("changed_at"),
        _version(),
        _refers("unit", "parent_id", "unit.id"),
        _key("unit", "id"),
        sa.UniqueConstraint("number", name=op.f("uq_unit_number")),
    )
    op.create_index(op.f("ix_unit_division_number"), "unit", ["division", "number"])
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"])
    op.create_table(
        "post",
        _own(),
        _number("unit_id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), server_default="", nullable=False),
        *_days(),
        _version(),
        _refers("post", "unit_id", "unit.id"),
        _key("post", "id"),
    )
    op.create_index(op.f("ix_post_unit_id"), "post", ["unit_id"])
    op.create_table(
        "holding",
        _own(),
        _number("post_id"),
        _number("account_id"),
        *_days(),
        _version(),
        _refers("holding", "post_id", "post.id"),
        _refers("holding", "account_id", "staff_account.id"),
        _key("holding", "id"),
    )
    op.create_index(op.f("ix_holding_post_id"), "holding", ["post_id"])
    op.create_index(op.f("ix_holding_account_id"), "holding", ["account_id"])
    for table in ("unit", "post", "holding"):
        op.execute(
            f"create trigger raise_version before update on {table} "
            "for each row execute function raise_version()"
        )


def upgrade() -> None:
    create_organisations()
    op.add_column("staff_account", _number("unit_id", nullable=True))
    op.create_foreign_key(
        op.f("fk_staff_account_unit_id"), "staff_account", "unit", ["unit_id"], ["id"]
    )
    op.create_index(op.f("ix_staff_account_unit_id"), "staff_account", ["unit_id"])
    awaits = sa.Column("awaits_code", sa.Boolean(), server_default="false", nullable=False)
    op.add_column("staff_session", awaits)
    op.create_table(
        "second_factor",
        _number("account_id"),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("used_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        _moment("created_at"),
        _refers("second_factor", "account_id", "staff_account.id"),
        _key("second_factor", "account_id"),
    )
    op.create_table(
        "recovery_code",
        _number("account_id"),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        _refers("recovery_code", "account_id", "staff_account.id"),
        _key("recovery_code", "account_id", "code_hash"),
    )
    op.create_table(
        "staff_identity",
        _number("account_id"),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        _moment("bound_at"),
        _refers("staff_identity", "account_id", "staff_account.id"),
        _key("staff_identity", "account_id"),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_staff_identity_issuer_subject")),
    )


def downgrade() -> None:
    op.drop_table("staff_identity")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.drop_column("staff_session", "awaits_code")
    op.drop_column("staff_account", "unit_id")
    for table in ("holding", "post", "unit"):
        op.drop_table(table)
