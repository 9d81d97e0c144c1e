"""A plate keeps what its maker's file says, work why it was opened; what was divided has no one
successor.

What hangs already says what its address says, until that is corrected for the first time; on a
blank plate that was bound there is no text.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PARTS = "select min(s.successor_code) from address_succession s where s.code = a.code"


def upgrade() -> None:
    op.add_column("plate", sa.Column("printed_text", sa.Text()))
    op.add_column("work_item", sa.Column("cause", sa.String(16), server_default="", nullable=False))
    op.execute("update plate set printed_text = '' where code is not null and county <> ''")
    op.execute(
        "update address a set successor_code = null "
        "where exists (select from address_succession s where s.code = a.code)"
    )


def downgrade() -> None:
    op.execute(
        f"update address a set successor_code = ({PARTS}) "
        "where exists (select from address_succession s where s.code = a.code)"
    )
    op.drop_column("work_item", "cause")
    op.drop_column("plate", "printed_text")
