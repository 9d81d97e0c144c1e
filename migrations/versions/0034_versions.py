"""Rows of registers have a version, which a trigger raises at every update.

What was kept under the transaction of a row (``kept_body``) or the time of its change
(``import_seen``) is emptied and filled anew by use.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REGISTERS = (
    "address",
    "area",
    "client",
    "division",
    "division_imprint",
    "duty",
    "heritage_entry",
    "place_name",
    "plate",
    "plate_batch",
    "staff_account",
    "work_item",
)
RAISING = """
create function raise_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end
$$
"""


def upgrade() -> None:
    op.execute(RAISING)
    for table in REGISTERS:
        op.add_column(
            table, sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)
        )
        op.execute(
            f"create trigger raise_version before update on {table} "
            "for each row execute function raise_version()"
        )
    op.execute("truncate import_seen, kept_body")
    op.drop_column("import_seen", "stamp")
    op.add_column("import_seen", sa.Column("version", sa.BigInteger(), nullable=False))


def downgrade() -> None:
    op.execute("truncate import_seen, kept_body")
    op.drop_column("import_seen", "version")
    op.add_column("import_seen", sa.Column("stamp", sa.DateTime(timezone=True), nullable=False))
    for table in REGISTERS:
        op.execute(f"drop trigger raise_version on {table}")
        op.drop_column(table, "version")
    op.execute("drop function raise_version()")
