"""Merges the parts of counts."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_MERGE = text(
    "with taken as (delete from status_count returning subject, division_id, status, amount), "
    "kept as (insert into status_count (subject, division_id, status, amount) "
    "select subject, division_id, status, sum(amount) from taken "
    "group by subject, division_id, status having sum(amount) <> 0 returning 1) "
    "select (select count(*) from taken) - (select count(*) from kept)"
)


def merge_counts(session: Session) -> int:
    """Put one row in place of the parts of each count; returns by how many rows there are less.

    What others write meanwhile stays as it is; two workers never take the same row.
    """
    return int(session.execute(_MERGE).scalar_one())
