"""Entries of the audit chain say how they are bound; the application writes counters no more.

``feed_counter`` is moved by a function (positions of changes) and by a trigger (entries of the
audit chain) that act as the owner of the tables: nobody takes a position back, and an entry that
does not follow the last one is refused.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APP = "menpai_app"
POSITIONS = """
create function take_change_positions(wanted bigint) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  update feed_counter set last = last + greatest(wanted, 0) where name = 'change' returning last
$$
"""
FOLLOWING = """
create function follow_audit_chain() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update feed_counter set last = new.position, last_hash = new.hash
  where name = 'audit' and last = new.position - 1;
  if not found then
    raise exception 'audit entry % does not follow the last one', new.position;
  end if;
  return null;
end
$$
"""
TRIGGER = (
    "create trigger follow_audit_chain after insert on audit_entry "
    "for each row execute function follow_audit_chain()"
)


def upgrade() -> None:
    for column in (
        sa.Column("scheme", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("key_id", sa.String(8), server_default="", nullable=False),
    ):
        op.add_column("audit_entry", column)
    op.execute(POSITIONS)
    op.execute(FOLLOWING)
    for function in ("take_change_positions(bigint)", "follow_audit_chain()"):
        op.execute(f"revoke all on function {function} from public")
    op.execute(f"grant execute on function take_change_positions(bigint) to {APP}")
    op.execute(TRIGGER)
    op.execute(f"revoke insert, update, delete on feed_counter from {APP}")


def downgrade() -> None:
    op.execute(f"grant insert, update, delete on feed_counter to {APP}")
    op.execute("drop trigger follow_audit_chain on audit_entry")
    op.execute("drop function follow_audit_chain()")
    op.execute("drop function take_change_positions(bigint)")
    op.drop_column("audit_entry", "key_id")
    op.drop_column("audit_entry", "scheme")
