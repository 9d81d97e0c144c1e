"""Finds the rows of an uploaded list that name an address which an earlier row names already."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.imports.row_log import RowOutcome
from service.imports.uploads.queries.rows import UploadedRow

MOST_TOLD = 50
"""At most so many repeated rows are named on the page of a list."""

# an address is known by its text until it has a code; two spellings of one have the same code
_FIND = text(
    "select number, part, least(by_text, by_code) as first from ("
    "select number, part, outcome, min(number) over (partition by text) as by_text, "
    "case when code <> '' then min(number) over (partition by code) end as by_code "
    "from list_upload_row where upload_id = :upload and part >= 0 and outcome <> 'waiting'"
    ") r where outcome in ('same', 'new') and least(by_text, by_code) < number "
    "order by number, part"
)
_FIRST_OF = text(
    "select w.number, w.part, ("
    "select min(r.number) from list_upload_row r where r.upload_id = :upload and r.part >= 0 "
    "and r.outcome <> 'waiting' and r.number < w.number "
    "and (r.text = w.text or (w.code <> '' and r.code = w.code))) "
    "from unnest(cast(:numbers as int[]), cast(:parts as int[]), cast(:texts as text[]), "
    "cast(:codes as text[])) as w(number, part, text, code)"
)


class RepeatedRow(NamedTuple):
    """A row (one part of it) and the first row of the same address."""

    number: int
    part: int
    first: int


def list_repeated(session: Session, upload_id: int) -> list[RepeatedRow]:
    """All repeated rows of a list in its order; reads the whole list."""
    return [RepeatedRow(*row) for row in session.execute(_FIND, {"upload": upload_id})]


def find_first_rows(
    session: Session, upload_id: int, rows: Sequence[UploadedRow]
) -> dict[tuple[int, int], int]:
    """The first row of the address of each repeated row, by number and part.

    0 stands for a row that repeats another spelling, before both have a code; or another part of
    its own row.
    """
    asked = [one for one in rows if one.outcome in (RowOutcome.SAME, RowOutcome.NEW)]
    if not asked:
        return {}
    found = session.execute(
        _FIRST_OF,
        {
            "upload": upload_id,
            "numbers": [one.number for one in asked],
            "parts": [one.part for one in asked],
            "texts": [one.text for one in asked],
            "codes": [one.code for one in asked],
        },
    )
    first = {(number, part): earlier for number, part, earlier in found}
    return {
        key: first[key] or 0
        for one in asked
        if first[key := (one.number, one.part)] or (one.outcome == RowOutcome.SAME and not one.code)
    }


def count_repeated(session: Session, upload_id: int) -> dict[str, object]:
    """How many rows of a list are repeated, and the first of them with the row that each repeats.

    It is kept with the result of the list, so that a long one is not read again for each page.
    """
    found = list_repeated(session, upload_id)
    rows = [[one.number, one.first] for one in found[:MOST_TOLD]]
    return {"count": len(found), "rows": rows}
