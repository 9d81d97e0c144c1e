"""Reports of residents about plates and addresses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0069"
down_revision: str | None = "0064"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NOW = sa.text("clock_timestamp()")
_OPEN = sa.text("state in ('received', 'assigned')")
_CHECKS = {
    "kind": "kind in ('broken', 'wrong', 'phone', 'place', 'other')",
    "state": "state in ('received', 'assigned', 'done', 'unfounded')",
    "feedback": "feedback in ('', 'useful', 'unsolved')",
}
_LEADS = {
    "token": "plate.token",
    "code": "address.code",
    "area_id": "area.id",
    "work_item": "work_item.id",
    "joined_to": "report.number",
}


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("follow_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=10), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("photo", sa.Text(), server_default="", nullable=False),
        sa.Column("photo_bytes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="received", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("work_item", sa.Integer(), nullable=True),
        sa.Column("joined_to", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=2), server_default="zh", nullable=False),
        sa.Column("feedback", sa.String(length=16), server_default="", nullable=False),
        sa.Column("level", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("risen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_report_{name}"))
            for name, rule in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_report_{column}"))
            for column, target in _LEADS.items()
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report")),
    )
    op.create_index("ix_report_division", "report", ["division", "state", "received_at", "number"])
    for column in ("received_at", "work_item", "joined_to", "area_id"):
        op.create_index(f"ix_report_{column}", "report", [column])
    op.create_index("ix_report_open", "report", ["code", "kind"], postgresql_where=_OPEN)
    op.create_index(
        "ix_report_closed", "report", ["closed_at"], postgresql_where=sa.text("cleared_at is null")
    )
    op.create_index("ix_report_photo", "report", ["photo"], postgresql_where=sa.text("photo <> ''"))
    op.execute(
        "create trigger raise_version before update on report "
        "for each row execute function raise_version()"
    )


def downgrade() -> None:
    op.drop_table("report")
    op.execute("delete from work_item where kind = 'report'")
