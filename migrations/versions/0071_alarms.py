"""Alarms from scans, the days judged, and counts of beginnings of unknown tokens."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0071"
down_revision: str | None = "0070"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=10), server_default="", nullable=False),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("division", sa.String(length=12), server_default="", nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.Column("work_item", sa.Integer(), nullable=True),
        sa.Column("finding", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "work_item is null or closed_at is null", name=op.f("ck_alarm_closed_by_its_item")
        ),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_alarm_code")),
        sa.ForeignKeyConstraint(["work_item"], ["work_item.id"], name=op.f("fk_alarm_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index("uq_alarm_day", "alarm", ["rule", "subject", "opened_on"], unique=True)
    op.create_index("ix_alarm_division", "alarm", ["division", "id"])
    for column in ("work_item", "code", "token"):
        op.create_index(f"ix_alarm_{column}", "alarm", [column])
    op.execute(
        "create trigger raise_version before update on alarm "
        "for each row execute function raise_version()"
    )
    op.create_table(
        "alarm_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("raised", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_alarm_day")),
    )
    op.create_table(
        "unknown_token_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("beginning", sa.String(length=5), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "beginning", name=op.f("pk_unknown_token_count")),
    )


def downgrade() -> None:
    for table in ("unknown_token_count", "alarm_day", "alarm"):
        op.drop_table(table)
