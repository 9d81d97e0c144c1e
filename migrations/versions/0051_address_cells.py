"""Addresses are counted by map cell as they are written, for maps seen from afar."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0051"
down_revision: str | None = "0050"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GONE = "'replaced', 'retired', 'invalid'"
CELL = """
  floor((ST_X(geom) + 180) / 360 * 131072)::int as x,
  floor((1 - asinh(tan(radians(ST_Y(geom)))) / pi()) / 2 * 131072)::int as y
"""
"""The tile of zoom 17 (2 to the 17th in a row) that a point in degrees lies in."""
COUNTED = f"geom is not null and abs(ST_Y(geom)) < 85 and status not in ({GONE})"


def grown(rows: str, by: int) -> str:
    return f"select division_id, {CELL}, {by} as addresses from {rows} where {COUNTED}"


def upgrade() -> None:
    op.create_table(
        "address_cell",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("addresses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_address_cell_division_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_cell")),
    )
    op.create_index("ix_address_cell_x_y", "address_cell", ["x", "y"])
    op.create_index("ix_address_cell_division_id", "address_cell", ["division_id"])
    add = "insert into address_cell (division_id, x, y, addresses)"
    total = "select division_id, x, y, sum(addresses)"
    kept = "group by division_id, x, y having sum(addresses) <> 0"
    op.execute(f"{add} {total} from ({grown('address', 1)}) one {kept}")
    for event, change, tables in (
        ("insert", grown("added", 1), "new table as added"),
        ("delete", grown("removed", -1), "old table as removed"),
        (
            "update",
            f"{grown('added', 1)} union all {grown('removed', -1)}",
            "old table as removed new table as added",
        ),
    ):
        op.execute(
            f"create function count_cells_at_{event}() returns trigger language plpgsql as $$ "
            f"begin {add} {total} from ({change}) one {kept}; return null; end $$"
        )
        op.execute(
            f"create trigger count_cells_at_{event} after {event} on address "
            f"referencing {tables} for each statement execute function count_cells_at_{event}()"
        )


def downgrade() -> None:
    for event in ("insert", "delete", "update"):
        op.execute(f"drop trigger count_cells_at_{event} on address")
        op.execute(f"drop function count_cells_at_{event}()")
    op.drop_table("address_cell")
