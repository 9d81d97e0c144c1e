"""Writers of the single formats: CSV and TSV, NDJSON, XLSX."""

import csv
import gzip
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol, cast

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from service.core.sheets.faults import SheetOverflow
from service.core.sheets.formats import FileFormat
from service.core.sheets.rows import Cell, is_exact_number, safe_cell

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
