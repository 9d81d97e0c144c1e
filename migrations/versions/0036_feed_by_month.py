"""The change feed is kept by month and says which version of a record a change made.

What was told until now becomes the partition that ends with this month; nothing is rewritten but
its key. The application may not change the schema: it opens and drops partitions by two functions
that act as the owner of the tables, under the feed's lock.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APP = "menpai_app"
FEED_LOCK = 0x6D656E70
SETTINGS = "set search_path = public, pg_temp set lock_timeout = '3s'"
COLUMNS = "position, subject, key, action, division, at"

CHANGE = """
create table change (
  position bigint not null,
  subject varchar(32) not null,
  key text not null,
  action varchar(32) not null,
  division varchar(12) default '' not null,
  at timestamptz default clock_timestamp() not null,
  version bigint,
  constraint pk_change primary key (position, at)
) partition by range (at)
"""
FLAT = """
create table change_flat (
  position bigint not null,
  subject varchar(32) not null,
  key text not null,
  action varchar(32) not null,
  division varchar(12) default '' not null,
  at timestamptz default clock_timestamp() not null
)
"""
OPENING = f"""
create function open_change_partitions() returns integer
language plpgsql security definer {SETTINGS} as $$
declare
  this_month timestamp := date_trunc('month', now() at time zone 'UTC');
  first timestamptz;
  last timestamptz;
  name text;
  opened integer := 0;
begin
  perform pg_advisory_xact_lock({FEED_LOCK});
  for ahead in 0..2 loop
    first := (this_month + make_interval(months => ahead)) at time zone 'UTC';
    last := (this_month + make_interval(months => ahead + 1)) at time zone 'UTC';
    name := 'change_' || to_char(first at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass(name) is not null;
    execute format('create table %I (like change including all)', name);
    execute format('revoke update, delete, truncate on %I from {APP}', name);
    execute format(
      'with late as (delete from change_default where at >= %L and at < %L returning *) '
      'insert into %I select * from late', first, last, name);
    execute format(
      'alter table change attach partition %I for values from (%L) to (%L)', name, first, last);
    opened := opened + 1;
  end loop;
  return opened;
end
$$
"""
DROPPING = f"""
create function drop_change_partitions(kept_days integer) returns integer
language plpgsql security definer {SETTINGS} as $$
declare
  name text;
  dropped integer := 0;
begin
  if kept_days < 31 then
    raise exception 'changes are kept for 31 days at least';
  end if;
  perform pg_advisory_xact_lock({FEED_LOCK});
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'change'::regclass and c.relname ~ '^change_\\d{{4}}_\\d\\d$'
    and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC'
      <= now() - make_interval(days => kept_days)
    order by c.relname
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$
"""
FUNCTIONS = ("open_change_partitions()", "drop_change_partitions(integer)")
ADOPTING = f"""
do $$
declare
  next_month timestamptz :=
    (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  name text := 'change_' || to_char(now() at time zone 'UTC', 'YYYY_MM');
begin
  execute format('alter table change_flat rename to %I', name);
  execute format('revoke update, delete, truncate on %I from {APP}', name);
  execute format(
    'alter table change attach partition %I for values from (minvalue) to (%L)', name, next_month);
end
$$
"""


def upgrade() -> None:
    op.execute("alter table change rename to change_flat")
    op.execute("alter table change_flat drop constraint pk_change")
    op.execute("drop index ix_change_division_position, ix_change_subject_key")
    op.execute("alter table change_flat add column version bigint")
    op.execute(CHANGE)
    op.execute("create index ix_change_division_position on change (division, position)")
    op.execute("create index ix_change_subject_key on change (subject, key)")
    op.execute(f"revoke update, delete, truncate on change from {APP}")
    op.execute(ADOPTING)
    op.execute("create table change_default partition of change default")
    op.execute(f"revoke update, delete, truncate on change_default from {APP}")
    op.execute(OPENING)
    op.execute(DROPPING)
    for function in FUNCTIONS:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP}")
    op.execute("select open_change_partitions()")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute(FLAT)
    op.execute(f"insert into change_flat ({COLUMNS}) select {COLUMNS} from change")
    op.execute("drop table change")
    op.execute("alter table change_flat rename to change")
    op.execute("alter table change add constraint pk_change primary key (position)")
    op.execute("create index ix_change_division_position on change (division, position)")
    op.execute("create index ix_change_subject_key on change (subject, key)")
    op.execute(f"revoke update, delete, truncate on change from {APP}")
