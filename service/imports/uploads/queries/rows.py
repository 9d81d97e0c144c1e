"""Reads what became of the rows of an uploaded list."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from address_model.tables import ListUploadRow
from service.core.errors import NotFound
from service.imports.row_log import RowOutcome
from service.imports.rules import Rule

STORABLE = (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.WAITING)
REFUSED = -1
"""The part at which the faults of a row stand."""

_COUNT_RULES = text(
    "select f.one ->> 4, count(*) from list_upload_row r "
    "cross join lateral jsonb_array_elements(r.faults) as f(one) "
    "where r.upload_id = :upload and r.part = -1 group by 1 order by 2 desc, 1"
)


class RowNotFound(NotFound):
    """There is no such row among those of an uploaded list."""


class UploadedRow(NamedTuple):
    """What became of a row, or of one part of it; ``faults`` as in ``RefusedRow``."""

    number: int
    part: int
    outcome: str
    text: str
    code: str
    faults: list[list[str]]
    cells: dict[str, str]
    is_stored: bool

    def fault_of(self, heading: str) -> bool:
        """Whether a fault is in the cell under this heading."""
        return any(fault[0] == heading for fault in self.faults)


def list_rows(
    session: Session, upload_id: int, outcome: str, *, start: int = 0, limit: int = 50
) -> list[UploadedRow]:
    """The rows of an outcome in the order of the list, without the first ``start`` of them."""
    statement = (
        select(*_COLUMNS)
        .where(ListUploadRow.upload_id == upload_id, ListUploadRow.outcome == outcome)
        .order_by(ListUploadRow.number, ListUploadRow.part)
        .offset(start)
        .limit(limit)
    )
    return [UploadedRow(*row) for row in session.execute(statement)]


def find_rows(session: Session, upload_id: int, numbers: Sequence[int]) -> list[UploadedRow]:
    """All that became of the rows with these numbers."""
    statement = (
        select(*_COLUMNS)
        .where(ListUploadRow.upload_id == upload_id, ListUploadRow.number.in_(numbers))
        .order_by(ListUploadRow.number, ListUploadRow.part)
    )
    return [UploadedRow(*row) for row in session.execute(statement)]


def count_outcomes(session: Session, upload_id: int) -> dict[str, int]:
    """How many addresses or refused rows there are of each outcome."""
    counted = (
        select(ListUploadRow.outcome, func.count())
        .where(ListUploadRow.upload_id == upload_id)
        .group_by(ListUploadRow.outcome)
    )
    found = {str(outcome): int(count) for outcome, count in session.execute(counted)}
    return {one: found.get(one, 0) for one in RowOutcome}


def count_unstored(session: Session, upload_id: int) -> dict[str, int]:
    """How many addresses of each outcome a check found that are not stored yet."""
    counted = (
        select(ListUploadRow.outcome, func.count())
        .where(ListUploadRow.upload_id == upload_id, ListUploadRow.is_stored.is_(False))
        .group_by(ListUploadRow.outcome)
    )
    found = {str(outcome): int(count) for outcome, count in session.execute(counted)}
    return {one: found.get(one, 0) for one in RowOutcome}


def count_to_store(session: Session, upload_id: int) -> int:
    """How many addresses storing a checked list would enter, change, or keep waiting."""
    counts = count_unstored(session, upload_id)
    return sum(counts[one] for one in STORABLE)


def list_reasons(session: Session, upload_id: int) -> list[tuple[str, str, int]]:
    """Why rows are refused: code and sentence of each rule, with its count, most first."""
    found = session.execute(_COUNT_RULES, {"upload": upload_id})
    return [(code, Rule(code).summary, count) for code, count in found if code]


def list_stored_codes(
    session: Session,
    upload_id: int,
    *,
    limit: int,
    outcomes: Sequence[RowOutcome] = (RowOutcome.NEW,),
) -> list[str]:
    """The codes of the addresses that a list has added (or changed …), in its order."""
    statement = (
        select(ListUploadRow.code)
        .where(
            ListUploadRow.upload_id == upload_id,
            ListUploadRow.outcome.in_(outcomes),
            ListUploadRow.is_stored,
            ListUploadRow.code != "",
        )
        .order_by(ListUploadRow.number, ListUploadRow.part)
        .limit(limit)
    )
    return list(session.scalars(statement))


def iterate_refused(session: Session, upload_id: int) -> Iterator[UploadedRow]:
    """The refused rows in the order of the list."""
    statement = (
        select(*_COLUMNS)
        .where(ListUploadRow.upload_id == upload_id, ListUploadRow.part == REFUSED)
        .order_by(ListUploadRow.number)
        .execution_options(yield_per=1000)
    )
    for row in session.execute(statement):
        yield UploadedRow(*row)


def iterate_rows(session: Session, upload_id: int) -> Iterator[UploadedRow]:
    """What became of all rows that are known by row, in the order of the list."""
    statement = (
        select(*_COLUMNS)
        .where(ListUploadRow.upload_id == upload_id)
        .order_by(ListUploadRow.number, ListUploadRow.part)
        .execution_options(yield_per=1000)
    )
    for row in session.execute(statement):
        yield UploadedRow(*row)


_COLUMNS = (
    ListUploadRow.number,
    ListUploadRow.part,
    ListUploadRow.outcome,
    ListUploadRow.text,
    ListUploadRow.code,
    ListUploadRow.faults,
    ListUploadRow.cells,
    ListUploadRow.is_stored,
)
