"""The versions of an area stay unique, but their days are no key that a lock of a row protects."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0068"
down_revision: str | None = "0067"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OLD = "uq_area_kind_code_valid_from"
_COLUMNS = ["kind", "code", "valid_from"]


def upgrade() -> None:
    op.create_index(
        "uq_area_version",
        "area",
        _COLUMNS,
        unique=True,
        postgresql_where=sa.text("valid_from is not null"),
    )
    op.drop_constraint(op.f(_OLD), "area")


def downgrade() -> None:
    op.create_unique_constraint(op.f(_OLD), "area", _COLUMNS)
    op.drop_index("uq_area_version", table_name="area")
