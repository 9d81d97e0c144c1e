"""The file of refused rows, which can be corrected and imported again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path

from service.core.sheets.rows import ERROR_COLUMNS, IGNORED_COLUMNS, Row, RowFault
from service.core.sheets.writer import RowSink, write_rows

JOINT = " / "
"""Between the fields, reasons and hints of a row with several faults."""


class ErrorsFile:
    """Takes refused rows: their own cells, then number, fields, values, reasons, hints, rules.

    ``count`` rows were taken so far. Without any, no file is made.
    """

    def __init__(self, path: Path, headings: Sequence[str], stack: ExitStack) -> None:
        self.path = path
        self.count = 0
        self._columns = [name for name in headings if name not in IGNORED_COLUMNS]
        self._stack = stack
        self._sink: RowSink | None = None

    def add(self, row: Row, faults: Sequence[RowFault]) -> None:
        """Write a refused row once, with all of its faults."""
        if self._sink is None:
            headings = [*self._columns, *ERROR_COLUMNS]
            self._sink = self._stack.enter_context(write_rows(self.path, headings))
        cells = [row.values.get(column, "") for column in self._columns]
        fields = [fault.field for fault in faults if fault.field]
        told = (
            fields,
            [value for field in fields if (value := row.values.get(field, ""))],
            [fault.reason for fault in faults],
            [fault.hint for fault in faults],
            [fault.rule for fault in faults if fault.rule],
        )
        self._sink.write([*cells, row.number, *map(JOINT.join, told)])
        self.count += 1


@contextmanager
def write_errors(path: str | PathLike[str], headings: Sequence[str]) -> Iterator[ErrorsFile]:
    """Open an errors file for the rows of an input with these headings.

    It appears, complete, when the block ends, and not at all when the block raises.
    """
    with ExitStack() as stack:
        yield ErrorsFile(Path(path), headings, stack)
