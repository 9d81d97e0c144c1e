"""The parts of a numbered element of an address by name: ``{"number": "5", "quantifier": "号"}``.

They were a list by position. Nothing of an address changes by this, so its version stays.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBERED = "('group', 'number', 'building', 'unit', 'floor', 'room', 'thing')"
"""The numbered elements but for ``lanes``, which is a list of such."""

BY_NAME = """
select jsonb_strip_nulls(jsonb_build_object('number', part ->> 0,
  'quantifier', nullif(part ->> 1, ''), 'prefix', nullif(part ->> 2, ''),
  'suffix', nullif(part ->> 3, '')))
"""
BY_POSITION = """
select case
  when part ? 'suffix' then jsonb_build_array(part -> 'number',
    coalesce(part ->> 'quantifier', ''), coalesce(part ->> 'prefix', ''), part -> 'suffix')
  when part ? 'prefix' then jsonb_build_array(part -> 'number',
    coalesce(part ->> 'quantifier', ''), part -> 'prefix')
  when part ? 'quantifier' then jsonb_build_array(part -> 'number', part -> 'quantifier')
  else jsonb_build_array(part -> 'number') end
"""


def convert(each: str) -> None:
    """Rewrite the elements of all addresses; ``each`` is the SQL for one numbered element."""
    op.execute(
        "create function pg_temp.numbered(part jsonb) returns jsonb language sql immutable "
        f"as $$ {each} $$"
    )
    op.execute("alter table address disable trigger raise_version")
    op.execute(
        f"""
        update address set elements = (
          select jsonb_object_agg(name, case
            when name in {NUMBERED} then pg_temp.numbered(value)
            when name = 'lanes' then (
              select jsonb_agg(pg_temp.numbered(lane) order by place)
              from jsonb_array_elements(value) with ordinality as l (lane, place))
            else value end)
          from jsonb_each(elements) as e (name, value))
        where elements ?| array['group', 'number', 'building', 'unit', 'floor', 'room', 'thing',
          'lanes']
        """
    )
    op.execute("alter table address enable trigger raise_version")
    op.execute("drop function pg_temp.numbered(jsonb)")


def upgrade() -> None:
    convert(BY_NAME)


def downgrade() -> None:
    convert(BY_POSITION)
