"""Reads the plates of batches that were issued directly, without a list."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One plate of a batch without a list; a blank one has neither code nor text."""

    place: int
    token: str
    code: str
    text: str
    generation: int
    status: str


def list_issued(
    session: Session, batch_id: int, *, after: int = 0, limit: int = 200
) -> list[IssuedRow]:
    """The plates of a batch without a list, in order of token, skipping the first ``after``."""
    statement = text(
        "select row_number() over (order by p.token) + :after, p.token, coalesce(p.code, ''), "
        "coalesce(a.standard_text, ''), p.generation, p.status from ("
        "select * from plate where batch_id = :batch order by token offset :after limit :limit) p "
        "left join address a on a.code = p.code order by p.token"
    )
    rows = session.execute(statement, {"batch": batch_id, "after": after, "limit": limit})
    return [IssuedRow(*row) for row in rows]
