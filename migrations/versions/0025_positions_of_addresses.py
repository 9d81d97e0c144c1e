"""Typed positions of addresses, and how exactly their own points are known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")
EMPTY = sa.text("''")
CURRENT = sa.text("valid_to is null")
ENTRANCES = sa.text("kind = 'entrance' and valid_to is null")


def upgrade() -> None:
    op.add_column(
        "address", sa.Column("point_accuracy", sa.String(1), server_default=EMPTY, nullable=False)
    )
    op.add_column(
        "address", sa.Column("point_source", sa.Text(), server_default=EMPTY, nullable=False)
    )
    op.create_table(
        "address_position",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False, nullable=False),
            nullable=False,
        ),
        sa.Column("accuracy", sa.String(length=1), server_default=EMPTY, nullable=False),
        sa.Column("source", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.CheckConstraint(
            "kind in ('entrance', 'staircase', 'garage', 'fire_access')",
            name=op.f("ck_address_position_kind"),
        ),
        sa.CheckConstraint(
            "accuracy in ('', 'A', 'B', 'C', 'D')", name=op.f("ck_address_position_accuracy")
        ),
        sa.ForeignKeyConstraint(["code"], ["address.code"], name=op.f("fk_address_position_code")),
        sa.PrimaryKeyConstraint(
            "code", "kind", "label", "version", name=op.f("pk_address_position")
        ),
    )
    op.create_index(
        "uq_address_position_current",
        "address_position",
        ["code", "kind", "label"],
        unique=True,
        postgresql_where=CURRENT,
    )
    op.create_index(
        "ix_address_position_entrances",
        "address_position",
        ["geom"],
        postgresql_using="gist",
        postgresql_where=ENTRANCES,
    )


def downgrade() -> None:
    """Positions are lost; every address keeps its own point."""
    op.drop_table("address_position")
    op.drop_column("address", "point_source")
    op.drop_column("address", "point_accuracy")
