"""The numbering rules of streets, with the findings that were accepted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0057"
down_revision: str | None = "0052"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    now = sa.text("clock_timestamp()")
    op.create_table(
        "place_numbering",
        sa.Column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sides", sa.String(length=8), server_default="both", nullable=False),
        sa.Column("odd_side", sa.String(length=8), server_default="", nullable=False),
        sa.Column("heading", sa.String(length=8), server_default="", nullable=False),
        sa.Column("method", sa.String(length=12), server_default="sequence", nullable=False),
        sa.Column("start", sa.Integer(), server_default="0", nullable=False),
        sa.Column("step_m", sa.Float(), server_default="2", nullable=False),
        sa.Column("reserved", sa.Text(), server_default="", nullable=False),
        sa.Column("accepted", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "sides in ('both', 'odd', 'even', 'one')", name=op.f("ck_place_numbering_sides")
        ),
        sa.CheckConstraint(
            "odd_side in ('', 'left', 'right')", name=op.f("ck_place_numbering_odd_side")
        ),
        sa.CheckConstraint(
            "heading in ('', 'east', 'south', 'west', 'north')",
            name=op.f("ck_place_numbering_heading"),
        ),
        sa.CheckConstraint(
            "method in ('sequence', 'distance')", name=op.f("ck_place_numbering_method")
        ),
        sa.CheckConstraint("step_m > 0", name=op.f("ck_place_numbering_step_m")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place_name.id"], name=op.f("fk_place_numbering_place_id")
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place_numbering")),
    )
    op.execute(
        "create trigger raise_version before update on place_numbering "
        "for each row execute function raise_version()"
    )


def downgrade() -> None:
    op.drop_table("place_numbering")
