"""Columns by the words the code uses: the hint of a refused row, the print options of a batch."""

from collections.abc import Sequence

from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("row_error", "mend", new_column_name="hint")
    op.alter_column("plate_batch", "press", new_column_name="print_options")


def downgrade() -> None:
    op.alter_column("plate_batch", "print_options", new_column_name="press")
    op.alter_column("row_error", "hint", new_column_name="mend")
