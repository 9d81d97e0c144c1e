"""Writes rows to a file of any format, whole or not at all, and the file of refused rows."""

import csv
import gzip
import io
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import IO, Protocol, cast

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from service.core.sheets.faults import SheetOverflow, writing_fault
from service.core.sheets.formats import FileFormat, format_of
from service.core.sheets.rows import (
    ERROR_COLUMNS,
    IGNORED_COLUMNS,
    Cell,
    Row,
    RowFault,
    is_exact_number,
    safe_cell,
)

MAX_WORKBOOK_ROWS = 1_048_576
MAX_CELL = 32_767
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
"""The creation date of every workbook, so that the same rows give the same bytes."""


class Sink(Protocol):
    """Writes one row after another; ``close`` completes the file."""

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Complete the file."""

    def abandon(self) -> None:
        """Release what is open without completing the file."""


def open_sink(part: Path, file_format: FileFormat, headings: Sequence[str]) -> Sink:
    """Open the sink of a format on an empty file and write the heading row."""
    if file_format.kind == "xlsx":
        return WorkbookSink(part, headings, packed=file_format.packed)
    packed = file_format.packed
    raw = cast("IO[bytes]", gzip.open(part, "wb", 6)) if packed else part.open("wb")  # noqa: SIM115 - closed by the sink
    if file_format.kind == "ndjson":
        return JsonLinesSink(raw, headings)
    return DelimitedSink(raw, headings, tabs=file_format.kind == "tsv")


class DelimitedSink:
    """CSV or TSV with a UTF-8 byte order mark: without it Excel in China assumes GBK."""

    def __init__(self, raw: IO[bytes], headings: Sequence[str], *, tabs: bool) -> None:
        self._text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", write_through=False)
        self._writer = csv.writer(self._text, dialect="excel-tab" if tabs else "excel")
        self.write(headings)

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row, with protected text."""
        self._writer.writerow([safe_cell(cell) for cell in cells])

    def close(self) -> None:
        """Write out what is held and close."""
        self._text.close()

    def abandon(self) -> None:
        """Close; what the disk says no longer matters."""
        _close_quietly(self._text)


class JsonLinesSink:
    """NDJSON for machines: typed values, nothing protected."""

    def __init__(self, raw: IO[bytes], headings: Sequence[str]) -> None:
        self._raw = raw
        self._headings = tuple(headings)

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one object, with the headings as keys."""
        row: Mapping[str, Cell] = dict(zip(self._headings, cells, strict=True))
        self._raw.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Write out what is held and close."""
        self._raw.close()

    def abandon(self) -> None:
        """Close; what the disk says no longer matters."""
        _close_quietly(self._raw)


class WorkbookSink:
    """XLSX in constant memory; text never becomes a formula or link, long numbers are text."""

    def __init__(self, part: Path, headings: Sequence[str], *, packed: bool) -> None:
        self._part = part
        self._packed = packed
        self._folder = tempfile.TemporaryDirectory(prefix=".menpai-", dir=part.parent)
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": self._folder.name,
        }
        self._book = xlsxwriter.Workbook(str(part), options)
        self._book.set_properties({"created": _CREATED})
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self.write(headings)

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row; raise SheetOverflow past the last row or the longest cell of XLSX."""
        if self._row >= MAX_WORKBOOK_ROWS:
            raise SheetOverflow(
                f"A workbook holds {MAX_WORKBOOK_ROWS:,} rows and there are more",
                "Write a file that ends in .csv.gz",
            )
        for column, cell in enumerate(cells):
            if is_exact_number(cell):
                self._sheet.write_number(self._row, column, cell)
            elif cell is not None and self._sheet.write_string(self._row, column, safe_cell(cell)):
                raise SheetOverflow(
                    f"Row {self._row + 1} has a cell of over {MAX_CELL:,} characters",
                    "Write a file that ends in .csv",
                )
        self._row += 1

    def close(self) -> None:
        """Assemble the workbook."""
        try:
            self._book.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error
        if self._packed:
            packed = Path(self._folder.name, "packed")
            with self._part.open("rb") as plain, gzip.open(packed, "wb") as out:
                shutil.copyfileobj(plain, out)
            packed.replace(self._part)
        self._folder.cleanup()

    def abandon(self) -> None:
        """Delete the temporary files."""
        _close_quietly(self._sheet.row_data_fh)
        self._folder.cleanup()


def _close_quietly(handle: IO[bytes] | io.TextIOWrapper) -> None:
    try:
        handle.close()
    except OSError:
        return


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
