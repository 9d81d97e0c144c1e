"""Versions of areas, stand-ins and hidden duties, and the links from addresses to areas."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STAMP = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "address_area",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
        sa.PrimaryKeyConstraint("code", "area_id", name=op.f("pk_address_area")),
    )
    op.create_index(
        "ix_address_area_hand", "address_area", ["area_id"], postgresql_where="how = 'hand'"
    )
    op.add_column("area", sa.Column("succeeded_by", sa.Integer(), nullable=True))
    op.add_column(
        "area",
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=STAMP, nullable=False),
    )
    op.create_foreign_key(op.f("fk_area_succeeded_by"), "area", "area", ["succeeded_by"], ["id"])
    # Until now the same area with another date could only be a later version.
    op.execute(
        "update area set succeeded_by = newest.id from ("
        "select distinct on (kind, code) kind, code, id from area "
        "order by kind, code, valid_from desc"
        ") newest where newest.kind = area.kind and newest.code = area.code "
        "and newest.id <> area.id"
    )
    op.create_index(
        "uq_area_present",
        "area",
        ["kind", "code"],
        unique=True,
        postgresql_where="succeeded_by is null",
    )
    op.add_column("duty", sa.Column("stand_in_for", sa.Integer(), nullable=True))
    op.add_column("duty", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_duty_stand_in_for"), "duty", "duty", ["stand_in_for"], ["id"])
    op.create_index(
        "ix_duty_stand_in_for",
        "duty",
        ["stand_in_for"],
        postgresql_where="stand_in_for is not null",
    )


def downgrade() -> None:
    op.drop_index("ix_duty_stand_in_for", table_name="duty")
    op.drop_column("duty", "hidden_at")
    op.drop_column("duty", "stand_in_for")
    op.drop_index("uq_area_present", table_name="area")
    op.drop_column("area", "changed_at")
    op.drop_column("area", "succeeded_by")
    op.drop_table("address_area")
