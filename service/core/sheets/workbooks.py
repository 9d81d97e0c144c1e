"""Rows of XLSX workbooks, read in the sandbox."""

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from service.core.sandbox import Program, SandboxFailed, SandboxFailure, SandboxLimits, run_program
from service.core.sheets.decompression import open_bytes, read_chunks, reading
from service.core.sheets.endings import Ending
from service.core.sheets.faults import SheetTooLarge, WorkbookRefused, WorkbookTooHeavy
from service.core.sheets.merged_cells import MergedCells
from service.core.sheets.rows import Records

MAX_FILE = 50 << 20
SIMPLER = "Save the sheet as CSV UTF-8, or split it into several workbooks"
_LIMITS = SandboxLimits()
_PROGRAM = Program(
    Path(__file__).with_name("workbook_child.py"),
    {"sheets": 1, "merged": 1, "row": 2},
    {"OPENPYXL_LXML": "False"},
)
_HEAVY = {
    SandboxFailure.OVERDUE: "The workbook takes longer than a reader is given",
    SandboxFailure.HEAVY: "The workbook takes more memory than a reader is given",
    SandboxFailure.CRASHED: "The workbook is too large, or broken: its reader failed",
}
_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")


def read_workbook(
    path: Path, ending: Ending, sheet: str | None, limits: SandboxLimits = _LIMITS
) -> Records:
    """Yield the rows of a sheet that hold anything; numbers are as typed, formulas their values.

    What is merged over several rows stands in each of them, as a person sees it. A formula that
    was stored without a value is text that begins with ``=``. Raises WorkbookRefused,
    WorkbookTooHeavy or SheetTooLarge, each with its hint.
    """
    merged = MergedCells()
    for kind, *rest in _open_book(path, ending, sheet or "", limits):
        if kind == "row":
            number, cells = rest
            yield number, merged.fill(number, cells), None
        elif kind == "merged":
            merged = MergedCells(rest[0])


def list_sheets(path: Path, ending: Ending) -> list[str]:
    """The names of the visible sheets of a workbook, in its order."""
    with closing(_open_book(path, ending, "", _LIMITS)) as messages:
        return next((rest[0] for kind, *rest in messages if kind == "sheets"), [])


def _open_book(
    path: Path, ending: Ending, sheet: str, limits: SandboxLimits
) -> Generator[list[Any], None, None]:
    """The messages of the program that reads the sheet."""
    with tempfile.TemporaryDirectory() as folder:
        book = _unpacked(path, Path(folder)) if ending.packed else path
        _check_file(book)
        yield from _ask(book, sheet, limits)


def _unpacked(path: Path, folder: Path) -> Path:
    book = folder / "book.xlsx"
    with book.open("wb") as out:
        for chunk in read_chunks(path, packed=True):
            out.write(chunk)
            if out.tell() > MAX_FILE:
                break
    return book


def _check_file(book: Path) -> None:
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


def _ask(book: Path, sheet: str, limits: SandboxLimits) -> Iterator[list[Any]]:
    try:
        yield from run_program(_PROGRAM, str(book.resolve()), sheet, limits=limits)
    except SandboxFailed as failed:
        match failed.failure:
            case SandboxFailure.REFUSED:
                raise WorkbookRefused(failed.reason, failed.hint) from failed
            case SandboxFailure.BROKEN:
                raise WorkbookRefused(
                    f"The workbook is broken ({failed.reason})", SIMPLER
                ) from failed
            case _:
                raise WorkbookTooHeavy(_HEAVY[failed.failure], SIMPLER) from failed
