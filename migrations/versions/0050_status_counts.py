"""Counts of addresses and plates by division and state, kept by triggers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0050"
down_revision: str | None = "0045"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTING_ADDRESSES = """
create function count_addresses() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into status_count (subject, division_id, status, amount)
    select 'address', division_id, status, count(*) from new_rows group by division_id, status;
  elsif tg_op = 'DELETE' then
    insert into status_count (subject, division_id, status, amount)
    select 'address', division_id, status, -count(*) from old_rows group by division_id, status;
  else
    insert into status_count (subject, division_id, status, amount)
    select 'address', c.division_id, c.status, sum(c.amount)
    from old_rows o join new_rows n using (code),
      lateral (values (o.division_id, o.status, -1), (n.division_id, n.status, 1))
        as c (division_id, status, amount)
    where (o.division_id, o.status) is distinct from (n.division_id, n.status)
    group by c.division_id, c.status having sum(c.amount) <> 0;
    insert into status_count (subject, division_id, status, amount)
    select 'plate', c.division_id, p.status, sum(c.amount)
    from old_rows o join new_rows n using (code) join plate p on p.code = n.code,
      lateral (values (o.division_id, -1), (n.division_id, 1)) as c (division_id, amount)
    where o.division_id <> n.division_id and p.generation > 0
    group by c.division_id, p.status having sum(c.amount) <> 0;
  end if;
  return null;
end
$$
"""
COUNTING_PLATES = """
create function count_plates() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into status_count (subject, division_id, status, amount)
    select 'plate', a.division_id, n.status, count(*)
    from new_rows n join address a on a.code = n.code where n.generation > 0
    group by a.division_id, n.status;
  elsif tg_op = 'DELETE' then
    insert into status_count (subject, division_id, status, amount)
    select 'plate', a.division_id, o.status, -count(*)
    from old_rows o join address a on a.code = o.code where o.generation > 0
    group by a.division_id, o.status;
  else
    insert into status_count (subject, division_id, status, amount)
    select 'plate', a.division_id, c.status, sum(c.amount)
    from old_rows o join new_rows n using (token),
      lateral (values (o.code, o.generation, o.status, -1), (n.code, n.generation, n.status, 1))
        as c (code, generation, status, amount)
      join address a on a.code = c.code
    where (o.code, o.generation, o.status) is distinct from (n.code, n.generation, n.status)
      and c.generation > 0
    group by a.division_id, c.status having sum(c.amount) <> 0;
  end if;
  return null;
end
$$
"""
ROWS = {
    "insert": "new table as new_rows",
    "delete": "old table as old_rows",
    "update": "old table as old_rows new table as new_rows",
}
FILLING = (
    "insert into status_count (subject, division_id, status, amount) "
    "select 'address', division_id, status, count(*) from address group by division_id, status",
    "insert into status_count (subject, division_id, status, amount) "
    "select 'plate', a.division_id, p.status, count(*) from plate p "
    "join address a on a.code = p.code where p.generation > 0 group by a.division_id, p.status",
)


def upgrade() -> None:
    op.create_table(
        "status_count",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_status_count_division_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_count")),
    )
    for function in (COUNTING_ADDRESSES, COUNTING_PLATES):
        op.execute(function)
    for table, function in (("address", "count_addresses"), ("plate", "count_plates")):
        for event, rows in ROWS.items():
            op.execute(
                f"create trigger {function}_{event} after {event} on {table} "
                f"referencing {rows} for each statement execute function {function}()"
            )
    for statement in FILLING:
        op.execute(statement)


def downgrade() -> None:
    for table, function in (("address", "count_addresses"), ("plate", "count_plates")):
        for event in ROWS:
            op.execute(f"drop trigger {function}_{event} on {table}")
        op.execute(f"drop function {function}()")
    op.drop_table("status_count")
