"""Rows of XLSX workbooks, read in the sandbox."""

import os
import re
import tempfile
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.core.sandbox import Program, SandboxFailed, SandboxFailure, SandboxLimits, run_program
from service.core.sheets.faults import SheetTooLarge, WorkbookRefused, WorkbookTooHeavy
from service.core.sheets.formats import FileFormat, open_bytes, read_chunks, reading
from service.core.sheets.rows import Records

MAX_FILE = 50 << 20
SIMPLER = "Save the sheet as CSV UTF-8, or split it into several workbooks"
_LIMITS = SandboxLimits()
_PROGRAM = Program(
    Path(__file__).with_name("workbook_child.py"),
    {"sheet": 1, "merged": 1, "row": 2},
    {"OPENPYXL_LXML": "False"},
)
_HEAVY = {
    SandboxFailure.OVERDUE: "The workbook takes longer than a reader is given",
    SandboxFailure.HEAVY: "The workbook takes more memory than a reader is given",
    SandboxFailure.CRASHED: "The workbook is too large, or broken: its reader failed",
}
_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
_RANGE = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")
MOST_RANGES = 20_000
"""No person merges more; beyond that the merged cells are read as stored."""


def read_workbook(
    path: Path, file_format: FileFormat, sheet: str | None, limits: SandboxLimits = _LIMITS
) -> Records:
    """Yield the non-empty rows of a sheet; numbers as typed, formulas as their values.

    A cell merged over several rows is repeated in each of them. A formula stored without a value
    is read as text that begins with ``=``. Raises WorkbookRefused,
    WorkbookTooHeavy or SheetTooLarge, each with its hint.
    """
    merged = MergedCells()
    for kind, *rest in _open_book(path, file_format, sheet or "", limits):
        if kind == "row":
            number, cells = rest
            yield number, merged.fill(number, cells), None
        elif kind == "merged":
            merged = MergedCells(rest[0])


def read_first_rows(
    path: Path, file_format: FileFormat, sheet: str, most: int
) -> dict[str, list[tuple[int, list[str]]]]:
    """The first non-empty rows of each visible sheet of a workbook, or of the named one.

    Raises as ``read_workbook``.
    """
    found: dict[str, list[tuple[int, list[str]]]] = {}
    merged, rows = MergedCells(), list[tuple[int, list[str]]]()
    for kind, *rest in _open_book(path, file_format, sheet, _LIMITS, most):
        if kind == "sheet":
            rows = found[rest[0]] = []
        elif kind == "merged":
            merged = MergedCells(rest[0])
        else:
            number, cells = rest
            rows.append((number, merged.fill(number, cells)))
    return found


def _open_book(
    path: Path, file_format: FileFormat, sheet: str, limits: SandboxLimits, first_rows: int = 0
) -> Generator[list[Any], None, None]:
    """The messages of the sandboxed reader; a packed workbook is unpacked first."""
    with tempfile.TemporaryDirectory() as folder:
        book = path
        if file_format.packed:
            book = Path(folder, "book.xlsx")
            with book.open("wb") as out:
                for chunk in read_chunks(path, packed=True):
                    out.write(chunk)
                    if out.tell() > MAX_FILE:
                        break
        with reading(book), open_bytes(book, packed=False) as handle:
            start = handle.read(8)
            size = os.fstat(handle.fileno()).st_size
        if size > MAX_FILE:
            raise SheetTooLarge(f"The workbook has {size >> 20} MB, at most 50 are read", SIMPLER)
        if start == _OLE2:
            raise WorkbookRefused(
                "The workbook has a password, or is an old .xls under another name",
                "Save it as .xlsx without a password",
            )
        if not start.startswith(b"PK\x03\x04"):
            raise WorkbookRefused("The file is not an XLSX workbook", "Save it again as .xlsx")
        try:
            asked = (str(book.resolve()), sheet, str(first_rows))
            yield from run_program(_PROGRAM, *asked, limits=limits)
        except SandboxFailed as failed:
            match failed.failure:
                case SandboxFailure.REFUSED:
                    raise WorkbookRefused(failed.reason, failed.hint) from failed
                case SandboxFailure.BROKEN:
                    reason = f"The workbook is broken ({failed.reason})"
                    raise WorkbookRefused(reason, SIMPLER) from failed
                case _:
                    raise WorkbookTooHeavy(_HEAVY[failed.failure], SIMPLER) from failed


@dataclass(slots=True)
class _Range:
    """One column of merged cells: its index from 0, its first and last row, its value."""

    column: int
    first: int
    last: int
    value: str = ""


class MergedCells:
    """Repeats the value of merged cells in every row they span, as a person sees it.

    The file keeps it in the first cell only: 上城区 merged over twelve doors is stored once.
    """

    def __init__(self, ranges: Iterable[str] = ()) -> None:
        """Take ranges such as ``B5:B9``; ranges within one row need no filling."""
        tall = []
        for found in map(_RANGE.fullmatch, ranges):
            if found and found[2] != found[4]:
                column = 0  # A is 1, AA is 27
                for letter in found[1]:
                    column = column * 26 + ord(letter) - 64
                tall.append(_Range(column - 1, int(found[2]), int(found[4])))
        self._ahead = sorted(tall[:MOST_RANGES], key=lambda one: one.first, reverse=True)
        self._open: list[_Range] = []

    def fill(self, number: int, cells: list[str]) -> list[str]:
        """Return a row with the values of merged cells filled in; rows must come in order."""
        if not (self._ahead or self._open):
            return cells
        while self._ahead and self._ahead[-1].first <= number:
            self._open.append(self._ahead.pop())
        self._open = [one for one in self._open if one.last >= number]
        filled = list(cells)
        for one in self._open:
            own = cells[one.column] if one.column < len(cells) else ""
            if number == one.first:
                one.value = own
            elif one.value and not own:
                filled += [""] * (one.column + 1 - len(filled))
                filled[one.column] = one.value
        return filled
