"""Rows and cells of a sheet, the same for every format."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self

from service.core.sheets.faults import HeadingsUnclear

Cell = str | int | float | None

RISKY = "=+-@\t\r\n\0＝＋－＠"
_RISKY_TEXT = re.compile(rf"'*[{re.escape(RISKY)}]")
_FIRST = frozenset(RISKY + "'")
_LONGEST_EXACT_INTEGER = 10**15
"""Spreadsheets keep 15 digits of a number: longer numbers are written as text."""


def protect(text: str) -> str:
    """Prefix text that a spreadsheet would run as a formula with an apostrophe.

    That is text that begins with ``= + - @`` (also full-width), a tab, a line end or a NUL
    (OWASP ASVS 1.2.10). Text that already begins with apostrophes before such a character gets
    one more, so that removing one always restores the original.
    """
    if text and text[0] in _FIRST and _RISKY_TEXT.match(text):
        return "'" + text
    return text


def unprotect(text: str) -> str:
    """Remove the apostrophe that ``protect`` added."""
    if text[:1] == "'" and _RISKY_TEXT.match(text, 1):
        return text[1:]
    return text


def safe_cell(cell: Cell) -> str:
    """Return a cell as protected text; numbers keep their sign, None is empty."""
    if cell.__class__ is str:
        return protect(cell)
    return protect(cell) if isinstance(cell, str) else plain_text(cell)


def plain_text(cell: Cell) -> str:
    """Return a cell as text without protection: whole floats lose their ``.0``, None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LONGEST_EXACT_INTEGER:
        return str(int(cell))
    return str(cell)


def is_exact_number(cell: Cell) -> bool:
    """Whether a spreadsheet can hold the cell as a number without losing digits."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return abs(cell) < _LONGEST_EXACT_INTEGER


MAX_COLUMNS = 200
ERROR_COLUMNS = (
    "menpai_row",
    "menpai_field",
    "menpai_value",
    "menpai_reason",
    "menpai_hint",
    "menpai_rule",
)
"""The columns that a file of refused rows adds to those of the input."""

PROBLEM_COLUMNS = ("导入原行号", "导入问题列", "导入问题内容", "导入问题原因", "导入问题改法")
"""The same in Chinese, in a file for the desk: row, fields, values, reasons, hints."""

IGNORED_COLUMNS = (*ERROR_COLUMNS, "menpai_mend", *PROBLEM_COLUMNS)
"""Ignored when such a file is read again, also one written by an earlier version."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one row is refused: its number, the field (empty: the whole row), reason and hint.

    ``rule`` names the kind of fault, by which faults are counted.
    """

    row: int
    field: str
    reason: str
    hint: str
    rule: str = ""


class HeadingRows(NamedTuple):
    """The rows that hold the headings, as a spreadsheet numbers them; most often one."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


class Row(NamedTuple):
    """One row: its number as a spreadsheet shows it, and its cells by heading.

    A row that could not be read completely has a ``fault``; ``values`` then holds what was read,
    for the file of refused rows.
    """

    number: int
    values: Mapping[str, str]
    fault: RowFault | None = None


Record = tuple[int, Sequence[str], RowFault | None]
"""A row before its cells are matched to the headings: number, cells, fault. A plain tuple, as
there may be millions: creating a named one takes longer than splitting the cells."""

Records = Generator[Record, None, None]


class RowSource:
    """The rows of one sheet, streamed; every iteration starts at the first row again.

    ``headings`` are the names of the columns, trimmed; a column with cells but no heading is
    called ``column C``. They are in the first non-empty row, or where ``heading`` says; rows above
    are skipped. ``pads``: short rows are filled up with empty cells. Use it as a context manager,
    so that the file is closed (and the process reading a workbook ended) when iteration stops.
    """

    def __init__(
        self,
        read: Callable[[], Records],
        *,
        unprotected: bool = False,
        pads: bool = False,
        heading: HeadingRows | None = None,
    ) -> None:
        self._read = read
        self._unprotected = unprotected
        self._pads = pads
        self._heading = heading
        self._records: Records | None = None
        self._opened, first = self._open()
        try:
            self.headings = read_headings(first)
        except HeadingsUnclear:
            self.close()
            raise
        self._records = self._opened

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Row]:
        records = self._records or self._open()[0]
        self._records = None
        self._opened = records
        return self._rows(records)

    def close(self) -> None:
        """Close the file; a running iteration ends."""
        self._opened.close()

    def _open(self) -> tuple[Records, Record]:
        records = self._read()
        wanted = self._heading
        found: list[Record] = []
        for record in records:
            if wanted is None:
                return records, record
            if wanted.first <= record[0] <= wanted.last:
                found.append(record)
            if record[0] >= wanted.last:
                break
        if found:
            return records, join_headings(found)
        if wanted is None:
            raise HeadingsUnclear("The sheet is empty", "Put the headings into its first row")
        raise HeadingsUnclear(f"The sheet has no row {wanted}", "Name another row for the headings")

    def _rows(self, records: Records) -> Iterator[Row]:
        headings = self.headings
        width = len(headings)
        restore = self._unprotected
        make = tuple.__new__  # half the time of Row(…)
        for number, read, fault in records:
            cells = read
            if restore:
                cells = [unprotect(cell) if cell[:1] == "'" else cell for cell in read]
            if len(cells) < width and self._pads:
                cells = [*cells, *[""] * (width - len(cells))]
            if len(cells) != width or fault:
                yield _fit(headings, (number, cells, fault))
            else:
                values = MappingProxyType(dict(zip(headings, cells)))  # noqa: B905  # just checked
                yield make(Row, (number, values, None))


def join_headings(rows: Sequence[Record]) -> Record:
    """Merge several heading rows into one: in each column the lowest non-empty cell counts."""
    names: list[str] = []
    for _, cells, _ in rows:
        names = [cell.strip() or name for name, cell in zip_longest(names, cells, fillvalue="")]
    return rows[-1][0], names, next((fault for _, _, fault in rows if fault), None)


def read_headings(first: Record) -> tuple[str, ...]:
    """Return the column names of a heading row; raises HeadingsUnclear on duplicates."""
    _, cells, fault = first
    if fault:
        raise HeadingsUnclear(f"The heading row: {fault.reason}", fault.hint)
    names = [unprotect(cell).strip("\ufeff \t\r\n\u3000\u00a0") for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise HeadingsUnclear(
            f"The sheet has {len(names)} columns, at most {MAX_COLUMNS} are read",
            "Leave out the columns that are not needed",
        )
    named = [name or f"column {column_letters(at)}" for at, name in enumerate(names)]
    doubles = sorted({name for name in named if named.count(name) > 1})
    if doubles:
        raise HeadingsUnclear(
            f"The heading row names {', '.join(doubles)} more than once",
            "Give every column its own heading",
        )
    if not named:
        raise HeadingsUnclear("The sheet has no headings", "Put the headings into its first row")
    return tuple(named)


def column_letters(at: int) -> str:
    """The letters a spreadsheet shows over the column at this place: 0 is A, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _fit(headings: tuple[str, ...], record: Record) -> Row:
    """Fit a row of another width to the headings: surplus empty cells are dropped."""
    number, read, fault = record
    cells = list(read)
    while len(cells) > len(headings) and not cells[-1].strip():
        cells.pop()
    if fault is None and len(cells) != len(headings):
        if len(cells) < len(headings):
            hint = f"Fill the row up to the column {headings[-1]}, with empty cells if need be"
        else:
            extra = " ".join(cells[len(headings) :])[:60]
            hint = f"Take away 「{extra}」, quote the cell that holds a separator, or add a heading"
        reason = f"The row has {len(cells)} cells, the heading row {len(headings)}"
        fault = RowFault(number, "", reason, hint)
    kept = cells[: len(headings)] + [""] * (len(headings) - len(cells))
    values = MappingProxyType(dict(zip(headings, kept, strict=True)))
    return Row(number, values, fault)
