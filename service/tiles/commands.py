"""Keeps the counts of map cells small."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_MERGE = text(
    "with taken as ("
    "delete from address_cell c using ("
    "select division_id, x, y from address_cell group by 1, 2, 3 having count(*) > 1"
    ") many where (c.division_id, c.x, c.y) = (many.division_id, many.x, many.y) "
    "returning c.division_id, c.x, c.y, c.addresses"
    "), summed as ("
    "insert into address_cell (division_id, x, y, addresses) "
    "select division_id, x, y, sum(addresses) from taken group by 1, 2, 3 "
    "having sum(addresses) <> 0"
    ") select count(*) from taken"
)


def merge_cells(session: Session) -> int:
    """Put one row in place of several of one cell and division; return how many there were.

    Safe beside writers and beside itself: it adds up the very rows that it deletes.
    """
    return int(session.execute(_MERGE).scalar_one())
