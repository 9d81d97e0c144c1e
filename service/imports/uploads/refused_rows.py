"""The refused rows of an uploaded list: for the page, and as a workbook to correct and send."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from service.core.sheets import IGNORED_COLUMNS, ErrorsFile, Row, RowFault
from service.imports.rules import rule_of
from service.imports.uploads.words import FIELD_NAMES, reword

_UNSHOWN = ("lon", "lat", "serial", "remark", "grid", "sample")
_LONGEST = 120
_BLOCK = 500


class RefusedRow(NamedTuple):
    """A refused row: its number, its words, its faults as (column, cell, reason, hint, rule), and
    its cells by heading.
    """

    number: int
    words: str
    faults: list[tuple[str, str, str, str, str]]
    cells: dict[str, str]


class RefusedRows(ErrorsFile):
    """Takes the refused rows of an import, and passes them on in blocks."""

    def __init__(
        self,
        headings: Sequence[str],
        by_field: Mapping[str, str],
        keep: Callable[[list[RefusedRow]], None],
    ) -> None:
        """``by_field`` are the columns of the fields; ``keep`` takes each block."""
        super().__init__(Path(), headings, ExitStack())
        self._keep = keep
        self._rows: list[RefusedRow] = []
        self._shown = [column for name, column in by_field.items() if name not in _UNSHOWN]

    def add(self, row: Row, faults: Sequence[RowFault]) -> None:
        """Take a refused row, once with all of its faults."""
        words = " ".join(filter(None, (row.values.get(name, "") for name in self._shown)))
        told = []
        for one in map(reword, faults):
            name, cell = one.field, row.values.get(one.field, "")
            if name and name not in row.values:  # a field without a column: what the field is
                name = FIELD_NAMES.get(name, "地址")
            told.append((name, cell, one.reason, one.hint, rule_of(one).value))
        cells = {name: cell for name, cell in row.values.items() if name not in IGNORED_COLUMNS}
        self._rows.append(RefusedRow(row.number, words[:_LONGEST], told, cells))
        self.count += 1
        if len(self._rows) == _BLOCK:
            self.flush()

    def flush(self) -> None:
        """Pass on the rows of the last block."""
        if self._rows:
            self._keep(self._rows)
            self._rows = []
