"""Uploaded lists of any length: a row of each row, corrected cells, runs, a second person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0046"
down_revision: str | None = "0049"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES_BEFORE = "state in ('read', 'checked', 'storing', 'stored', 'abandoned')"
_STATES = "state in ('read', 'checking', 'checked', 'awaiting', 'storing', 'stored', 'abandoned')"
_MOVE_ENTRIES = """
insert into list_upload_row (upload_id, number, part, outcome, text, code, is_stored)
select u.id, cast(e.one ->> 1 as int), row_number() over (
    partition by u.id, e.one ->> 1 order by e.place) - 1,
    e.one ->> 0, e.one ->> 2, e.one ->> 3, u.state = 'stored'
from list_upload u
cross join lateral jsonb_array_elements(u.result -> 'entries') with ordinality as e(one, place)
"""
_MOVE_REFUSED = """
insert into list_upload_row (upload_id, number, part, outcome, text, faults)
select u.id, cast(e.one ->> 1 as int), -1, e.one ->> 0, e.one ->> 2, (
    select coalesce(jsonb_agg(f || jsonb_build_array('')), '[]')
    from jsonb_array_elements(e.one -> 3) as f)
from list_upload u
cross join lateral jsonb_array_elements(u.result -> 'refused') as e(one)
on conflict do nothing
"""


def _set_check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def upgrade() -> None:
    empty = sa.text("'{}'")
    op.add_column(
        "list_upload", sa.Column("corrections", JSONB(), server_default=empty, nullable=False)
    )
    op.add_column("list_upload", sa.Column("run_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_list_upload_run_id"), "list_upload", "run", ["run_id"], ["id"])
    op.create_table(
        "list_upload_row",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.String(length=16), server_default="", nullable=False),
        sa.Column("faults", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("cells", JSONB(), server_default=empty, nullable=False),
        sa.Column("is_stored", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["list_upload.id"],
            name=op.f("fk_list_upload_row_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", "part", name=op.f("pk_list_upload_row")),
    )
    op.create_index(
        "ix_list_upload_row_outcome", "list_upload_row", ["upload_id", "outcome", "number"]
    )
    op.add_column(
        "run_attempt", sa.Column("done", sa.Integer(), server_default="0", nullable=False)
    )
    _set_check("list_upload", "state", _STATES)
    _set_check("approval", "kind", "kind in ('plate_batch', 'list_upload')")
    op.execute(_MOVE_ENTRIES)
    op.execute(_MOVE_REFUSED)
    op.execute("update list_upload set result = result - 'entries' - 'refused'")


def downgrade() -> None:
    op.execute("delete from approval where kind = 'list_upload'")
    op.execute("update list_upload set state = 'read' where state in ('checking', 'checked')")
    op.execute("update list_upload set state = 'read' where state = 'awaiting'")
    _set_check("approval", "kind", "kind in ('plate_batch')")
    _set_check("list_upload", "state", _STATES_BEFORE)
    op.drop_column("run_attempt", "done")
    op.drop_table("list_upload_row")
    op.drop_constraint(op.f("fk_list_upload_run_id"), "list_upload")
    op.drop_column("list_upload", "run_id")
    op.drop_column("list_upload", "corrections")
