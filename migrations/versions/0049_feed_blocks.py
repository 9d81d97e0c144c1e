"""The change feed holds many like changes in one row: a block of keys with their versions."""

from collections.abc import Sequence

from alembic import op

revision: str = "0049"
down_revision: str | None = "0051"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A downgrade gives each change of a block a row of its own again.
UNFOLD = """
insert into change (position, subject, key, action, division, at, version)
select c.position - c.size + k.n, c.subject, k.key, c.action, c.division, c.at,
  coalesce(k.version, c.version)
from change c cross join lateral unnest(c.keys, c.versions) with ordinality as k(key, version, n)
where c.keys is not null and k.n < c.size
"""
LAST_ONE = """
update change set key = keys[size], version = coalesce(versions[size], version)
where keys is not null
"""


def upgrade() -> None:
    op.execute(
        "alter table change add column size smallint default 1 not null, "
        "add column keys text[], add column versions bigint[]"
    )
    # compressing costs as much as everything else of a block, and saves half of little
    op.execute("alter table change alter column keys set storage external")


def downgrade() -> None:
    op.execute(UNFOLD)
    op.execute(LAST_ONE)
    op.execute("alter table change drop column size, drop column keys, drop column versions")
