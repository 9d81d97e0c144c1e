"""Each generation of an address is one plate; batches know their division and why they came back.

A register may hold several plates of one address and generation, from `plates issue` given several
times at once. Nothing of it is lost and none of these plates is ended: any of them may have been
printed, or hang, without the register knowing. Their generations are numbered anew, in the order
of the old number, the time of making and the token; `menpai check` lists the doors that have
several living plates, and an officer who has looked voids those that hang nowhere.

The division of a batch that was not chosen as a list (replacements, blank plates, `plates issue`)
was empty, so that no officer of a division saw it: it becomes what the divisions of its plates
share.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RENUMBER = (
    "update plate p set generation = n.place from ("
    "select token, row_number() over (partition by code order by generation, created_at, token) "
    "as place from plate where code in (select code from plate where code is not null "
    "group by code, generation having count(*) > 1)) n "
    "where n.token = p.token and n.place <> p.generation"
)
SHARED = " ".join(
    f"when left(first, {length}) = left(last, {length}) then left(first, {length})"
    for length in (12, 9, 6, 4, 2)
)
PLACE = (
    "with bounds as (select p.batch_id, min(coalesce(d.code, rpad(p.county, 12, '0'))) as first, "
    "max(coalesce(d.code, rpad(p.county, 12, '0'))) as last from plate p "
    "join plate_batch b on b.id = p.batch_id and b.division = '' "
    "left join address a on a.code = p.code left join division d on d.id = a.division_id "
    "group by 1) "
    f"update plate_batch b set division = case {SHARED} else '' end "
    "from bounds where bounds.batch_id = b.id"
)
SUBMITTED = (
    "update plate_batch set submitted_at = coalesce(approved_at, created_at) "
    "where status not in ('draft', 'cancelled', 'issued') and author_id is not null"
)


def upgrade() -> None:
    op.execute(RENUMBER)
    op.create_index("uq_plate_generation", "plate", ["code", "generation"], unique=True)
    op.drop_index("ix_plate_code", table_name="plate")
    op.add_column(
        "plate_batch", sa.Column("sent_back", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "plate_batch", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(PLACE)
    op.execute(SUBMITTED)


def downgrade() -> None:
    op.drop_column("plate_batch", "submitted_at")
    op.drop_column("plate_batch", "sent_back")
    op.create_index("ix_plate_code", "plate", ["code"])
    op.drop_index("uq_plate_generation", table_name="plate")
