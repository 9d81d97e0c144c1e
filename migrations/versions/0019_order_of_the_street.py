"""Addresses carry the key by which they are in the order of the street."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from address_model.elements import elements_from_plain
from address_model.street_order import street_order

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_address_street_order"
PAGE = sa.text(
    "select a.code, d.code as division, a.elements from address a "
    "join division d on d.id = a.division_id where a.code > :after order by a.code limit 5000"
)
FILL = sa.text(
    "update address a set street_order = v.street_order "
    "from unnest(cast(:codes as text[]), cast(:orders as bytea[])) as v(code, street_order) "
    "where a.code = v.code"
)


def upgrade() -> None:
    op.add_column("address", sa.Column("street_order", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    after = ""
    while page := connection.execute(PAGE, {"after": after}).all():
        orders = [street_order(row.division, elements_from_plain(row.elements)) for row in page]
        connection.execute(FILL, {"codes": [row.code for row in page], "orders": orders})
        after = page[-1].code
    op.alter_column("address", "street_order", nullable=False)
    op.create_index(op.f(INDEX), "address", ["street_order"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), table_name="address")
    op.drop_column("address", "street_order")
