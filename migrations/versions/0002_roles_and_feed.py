"""What the two roles may do, and the counters of the feed and of the audit chain.

``menpai_app`` may insert and select in the feed and the audit chain, and nothing else there; every
other table is its to work on. The roles themselves are made with the database
(``menpai db init``), because the owner of a database may not create roles.
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APP = "menpai_app"
APPEND_ONLY = ("audit_entry", "change")


def upgrade() -> None:
    if not op.get_bind().scalar(text("select 1 from pg_roles where rolname = :r"), {"r": APP}):
        raise RuntimeError(
            f"the database has no role {APP}: as a superuser run "
            f"CREATE ROLE {APP} LOGIN PASSWORD '…', then run this again"
        )
    op.execute(f"grant usage on schema public to {APP}")
    op.execute(f"grant select, insert, update, delete on all tables in schema public to {APP}")
    op.execute(f"grant usage, select on all sequences in schema public to {APP}")
    op.execute(
        "alter default privileges in schema public "
        f"grant select, insert, update, delete on tables to {APP}"
    )
    op.execute(
        f"alter default privileges in schema public grant usage, select on sequences to {APP}"
    )
    for table in APPEND_ONLY:
        op.execute(f"revoke update, delete, truncate on {table} from {APP}")
    op.execute("insert into feed_counter (name) values ('change'), ('audit')")


def downgrade() -> None:
    op.execute("delete from feed_counter")
    defaults = "alter default privileges in schema public revoke"
    op.execute(f"{defaults} select, insert, update, delete on tables from {APP}")
    op.execute(f"{defaults} usage, select on sequences from {APP}")
    op.execute(f"revoke all on all tables in schema public from {APP}")
    op.execute(f"revoke all on all sequences in schema public from {APP}")
    op.execute(f"revoke usage on schema public from {APP}")
