"""Writes rows to a file of any format, whole or not at all, and the file of refused rows."""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path

from service.core.sheets.faults import writing_fault
from service.core.sheets.formats import format_of
from service.core.sheets.rows import ERROR_COLUMNS, IGNORED_COLUMNS, Cell, Row, RowFault
from service.core.sheets.sinks import Sink, open_sink


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that replaces it when the block ends.

    When the block raises, nothing is left behind and an existing file at ``path`` is untouched.
    Raises DiskFull or FolderNotWritable.
    """
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise writing_fault(path, error) from error
    try:
        yield part
        with writing(path):
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn operating system errors while writing ``path`` into a fault with its hint."""
    try:
        yield
    except OSError as error:
        raise writing_fault(path, error) from error


class RowSink:
    """Writes the rows of one file."""

    def __init__(self, path: Path, headings: Sequence[str], sink: Sink) -> None:
        self.path = path
        self.headings = tuple(headings)
        self.count = 0
        self._sink = sink

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row, its cells in the order of the headings.

        Raises DiskFull or SheetOverflow; ValueError if there are not as many cells as headings.
        """
        if len(cells) != len(self.headings):
            raise ValueError(f"{len(cells)} cells for {len(self.headings)} headings")
        try:
            self._sink.write(cells)
        except OSError as error:
            raise writing_fault(self.path, error) from error
        self.count += 1

    def write_values(self, values: Mapping[str, Cell]) -> None:
        """Write one row by heading: missing values are empty, unknown ones are left out."""
        self.write([values.get(heading) for heading in self.headings])


@contextmanager
def write_rows(path: str | PathLike[str], headings: Sequence[str]) -> Iterator[RowSink]:
    """Write a CSV, TSV, XLSX or NDJSON file, gzipped if its name ends in ``.gz``.

    The complete file appears when the block ends; when it raises, an existing file stays. Text that
    a spreadsheet would run as a formula gets an apostrophe in front (not in NDJSON); ``open_rows(…,
    unprotect=True)`` gives it back. Raises FolderNotWritable, DiskFull.
    """
    path = Path(path)
    file_format = format_of(path)
    with whole_file(path) as part:
        with writing(path):
            sink = open_sink(part, file_format, headings)
        try:
            yield RowSink(path, headings, sink)
            with writing(path):
                sink.close()
        except BaseException:
            sink.abandon()
            raise


JOINT = " / "
"""Separates the fields, reasons and hints of a row with several faults."""


class ErrorsFile:
    """Writes refused rows: their own cells, then number, fields, values, reasons, hints, rules.

    ``count`` is the number written so far. Without any, no file is made.
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
        details = (
            fields,
            [value for field in fields if (value := row.values.get(field, ""))],
            [fault.reason for fault in faults],
            [fault.hint for fault in faults],
            [fault.rule for fault in faults if fault.rule],
        )
        self._sink.write([*cells, row.number, *map(JOINT.join, details)])
        self.count += 1


@contextmanager
def write_errors(path: str | PathLike[str], headings: Sequence[str]) -> Iterator[ErrorsFile]:
    """Open the file of refused rows for an input with these headings.

    The complete file appears when the block ends, and not at all when it raises.
    """
    with ExitStack() as stack:
        yield ErrorsFile(Path(path), headings, stack)
