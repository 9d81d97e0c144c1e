"""The refused rows of an uploaded list: for the page, and as a workbook to correct and send."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from service.core.sheets import (
    PROBLEM_COLUMNS,
    ErrorsFile,
    Row,
    RowFault,
    RowSink,
    write_rows,
)
from service.imports.uploads.words import FIELD_NAMES, reword

_JOINT = "；"
_UNSHOWN = ("lon", "lat", "serial", "remark", "grid", "sample")
_LONGEST = 120


class RefusedRow(NamedTuple):
    """A refused row: its number, its words, and its faults as (column, cell, reason, hint)."""

    number: int
    words: str
    faults: list[tuple[str, str, str, str]]


class RefusedRows(ErrorsFile):
    """Takes the refused rows of an import, and writes a workbook if there are any."""

    def __init__(
        self, path: Path, headings: Sequence[str], by_field: Mapping[str, str], stack: ExitStack
    ) -> None:
        """``by_field`` are the columns of the fields; ``stack`` closes the workbook."""
        super().__init__(path, headings, stack)
        self.rows: list[RefusedRow] = []
        self._shown = [column for name, column in by_field.items() if name not in _UNSHOWN]
        self._book: RowSink | None = None

    def add(self, row: Row, faults: Sequence[RowFault]) -> None:
        """Note a refused row, once with all of its faults."""
        told = [reword(fault) for fault in faults]
        words = " ".join(filter(None, (row.values.get(name, "") for name in self._shown)))
        cells = [(*_cell_of(row, one.field), one.reason, one.hint) for one in told]
        self.rows.append(RefusedRow(row.number, words[:_LONGEST], cells))
        if self._book is None:
            headings = [*self._columns, *PROBLEM_COLUMNS]
            self._book = self._stack.enter_context(write_rows(self.path, headings))
        parts = [dict.fromkeys(filter(None, part)) for part in zip(*cells, strict=True)]
        own = [row.values.get(column, "") for column in self._columns]
        self._book.write([*own, row.number, *(_JOINT.join(part) for part in parts)])
        self.count += 1


def _cell_of(row: Row, name: str) -> tuple[str, str]:
    """The column a fault names and its cell; for a field without a column, what the field is."""
    if name in row.values or not name:
        return name, row.values.get(name, "")
    return FIELD_NAMES.get(name, "地址"), ""
