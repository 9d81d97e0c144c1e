"""The feed says which division a record has left, so that followers of that division hear of it.

A trigger notes the division of a record that moves to another one; the writer of the feed takes
the note in the same transaction. The table of notes is therefore always empty for others.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0061"
down_revision: str | None = "0060"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = """
create unlogged table division_left (
  transaction varchar(20) not null,
  subject varchar(32) not null,
  key text not null,
  division varchar(12) not null,
  constraint pk_division_left primary key (transaction, subject, key)
)
"""
NOTING = """
create function note_division_left() returns trigger language plpgsql
set search_path = public, pg_temp as $$
declare
  before jsonb := to_jsonb(old);
  division_before varchar(12) := before ->> 'division';
begin
  if division_before is null then
    select code into division_before from division
    where id = (before ->> 'division_id')::integer;
  end if;
  if division_before <> '' then
    insert into division_left values (
      pg_current_xact_id()::text,
      tg_argv[0],
      case tg_argv[0]
        when 'area' then before ->> 'kind' || ':' || (before ->> 'code')
        else before ->> tg_argv[1] end,
      division_before
    ) on conflict do nothing;
  end if;
  return null;
end
$$
"""
MOVING = {
    "address": ("code", "division_id"),
    "place_name": ("number", "division_id"),
    "area": ("code", "division_id"),
    "unit": ("number", "division"),
}


def upgrade() -> None:
    op.execute("alter table change add column left_division varchar(12) not null default ''")
    op.execute(
        "create index ix_change_left_division on change (left_division, position) "
        "where left_division <> ''"
    )
    op.execute(TABLE)
    op.execute(NOTING)
    for table, (key, column) in MOVING.items():
        op.execute(
            f"create trigger note_division_left after update of {column} on {table} for each row "
            f"when (old.{column} is distinct from new.{column}) "
            f"execute function note_division_left('{table}', '{key}')"
        )


def downgrade() -> None:
    for table in MOVING:
        op.execute(f"drop trigger note_division_left on {table}")
    op.execute("drop function note_division_left()")
    op.execute("drop table division_left")
    op.execute("drop index ix_change_left_division")
    op.execute("alter table change drop column left_division")
