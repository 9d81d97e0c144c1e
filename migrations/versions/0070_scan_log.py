"""Scans are counted by month, summed by day and community after that; figures once published stay.

What was counted until now becomes the partition that ends with this month; nothing is rewritten.
The application may not change the schema: it opens and drops months by two functions that act as
the owner of the tables. It may add to what is published, and never change it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0070"
down_revision: str | None = "0069"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APP = "menpai_app"
SCAN_LOG_LOCK = 0x7363616E
SETTINGS = "set search_path = public, pg_temp set lock_timeout = '3s'"
COUNTED = """
  token varchar(10) not null,
  hour timestamptz not null,
  outcome varchar(8) not null,
  count bigint not null,
  constraint {key} primary key (token, hour, outcome)
"""
ADOPTING = """
do $$
declare
  next_month timestamptz :=
    (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  name text := 'scan_count_' || to_char(now() at time zone 'UTC', 'YYYY_MM');
begin
  with ahead as (delete from scan_count_flat where hour >= next_month returning *)
  insert into scan_count select * from ahead;
  execute format(
    'alter table scan_count_flat rename constraint scan_count_flat_pkey to %I', name || '_pkey');
  execute format('alter table scan_count_flat rename to %I', name);
  execute format(
    'alter table scan_count attach partition %I for values from (minvalue) to (%L)',
    name, next_month);
end
$$
"""
OPENING = f"""
create function open_scan_months() returns integer
language plpgsql security definer {SETTINGS} as $$
declare
  this_month timestamp := date_trunc('month', now() at time zone 'UTC');
  first timestamptz;
  last timestamptz;
  name text;
  opened integer := 0;
begin
  perform pg_advisory_xact_lock({SCAN_LOG_LOCK});
  for ahead in 0..2 loop
    first := (this_month + make_interval(months => ahead)) at time zone 'UTC';
    last := (this_month + make_interval(months => ahead + 1)) at time zone 'UTC';
    name := 'scan_count_' || to_char(first at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass(name) is not null;
    -- no count may come into the default partition between the move and the new month
    lock table scan_count_default in access exclusive mode;
    execute format('create table %I (like scan_count including all)', name);
    execute format(
      'with late as (delete from scan_count_default where hour >= %L and hour < %L returning *) '
      'insert into %I select * from late', first, last, name);
    execute format(
      'alter table scan_count attach partition %I for values from (%L) to (%L)',
      name, first, last);
    opened := opened + 1;
  end loop;
  return opened;
end
$$
"""
DROPPING = f"""
create function drop_scan_months(before timestamptz) returns integer
language plpgsql security definer {SETTINGS} as $$
declare
  name text;
  is_held boolean;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock({SCAN_LOG_LOCK});
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'scan_count'::regclass and c.relname ~ '^scan_count_\\d{{4}}_\\d\\d$'
    and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= before
    order by c.relname
  loop
    lock table only scan_count in access exclusive mode;
    execute format('select exists (select from %I)', name) into is_held;
    continue when is_held; -- a day of it is not summed yet
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$
"""
FUNCTIONS = ("open_scan_months()", "drop_scan_months(timestamptz)")


def upgrade() -> None:
    _divide_by_month()
    op.create_table(
        "scan_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "division", "outcome", name=op.f("pk_scan_day")),
    )
    op.create_table(
        "published_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_published_month")),
    )
    op.create_table(
        "published_figure",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "value >= 10 or subject = 'answer_days'", name=op.f("ck_published_figure_value")
        ),
        sa.ForeignKeyConstraint(
            ["month"], ["published_month.month"], name=op.f("fk_published_figure_month")
        ),
        sa.PrimaryKeyConstraint(
            "month", "subject", "county", "item", name=op.f("pk_published_figure")
        ),
    )
    for table in ("published_month", "published_figure"):
        op.execute(f"revoke update, delete, truncate on {table} from {APP}")


def _divide_by_month() -> None:
    op.execute("alter table scan_count rename to scan_count_flat")
    op.execute(
        "alter table scan_count_flat rename constraint pk_scan_count to scan_count_flat_pkey"
    )
    op.execute("drop index ix_scan_count_hour")
    key = COUNTED.format(key="pk_scan_count")
    op.execute(f"create table scan_count ({key}) partition by range (hour)")
    op.execute(
        "create index ix_scan_count_hour on scan_count using brin (hour) with (autosummarize = on)"
    )
    op.execute("create table scan_count_default partition of scan_count default")
    op.execute(ADOPTING)
    op.execute(OPENING)
    op.execute(DROPPING)
    for function in FUNCTIONS:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP}")
    op.execute("select open_scan_months()")


def downgrade() -> None:
    for table in ("published_figure", "published_month", "scan_day"):
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute(f"create table scan_count_flat ({COUNTED.format(key='scan_count_flat_pkey')})")
    op.execute("insert into scan_count_flat select token, hour, outcome, count from scan_count")
    op.execute("drop table scan_count")
    op.execute("alter table scan_count_flat rename to scan_count")
    op.execute("alter table scan_count rename constraint scan_count_flat_pkey to pk_scan_count")
    op.execute("create index ix_scan_count_hour on scan_count (hour)")
