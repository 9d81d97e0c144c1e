"""An account is not locked any more: attempts count by network, and known browsers get through.

An account whose password somebody else has set says so, and approves nothing for a day. Whoever
asks for a photo is judged by the plates at whose events it stands.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("staff_account", "failed_attempts")
    op.drop_column("staff_account", "locked_until")
    issued_at = sa.Column("password_issued_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("staff_account", issued_at)
    issued_by = sa.Column("password_issued_by", sa.Text(), server_default="", nullable=False)
    op.add_column("staff_account", issued_by)
    op.create_table(
        "staff_browser",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "signed_in_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_staff_browser_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", "account_id", name=op.f("pk_staff_browser")),
    )
    op.create_index(op.f("ix_staff_browser_account_id"), "staff_browser", ["account_id"])
    with_photo = sa.text("photo <> ''")
    op.create_index("ix_plate_event_photo", "plate_event", ["photo"], postgresql_where=with_photo)


def downgrade() -> None:
    op.drop_index("ix_plate_event_photo", "plate_event")
    op.drop_table("staff_browser")
    op.drop_column("staff_account", "password_issued_by")
    op.drop_column("staff_account", "password_issued_at")
    locked = sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True)
    op.add_column("staff_account", locked)
    failed = sa.Column("failed_attempts", sa.SmallInteger(), server_default="0", nullable=False)
    op.add_column("staff_account", failed)
