"""Rows of XLSX workbooks, read by a process of their own that can be killed.

No spreadsheet library survives every file: one aborts its process on a cell at XFD1048576,
another computes for 48 s on a file of a megabyte. So the library runs in a child with limits on
memory, processor and waiting time; here only its lines are read.
"""

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from service.core.sheets.endings import Ending
from service.core.sheets.faults import SheetTooLarge, WorkbookRefused, WorkbookTooHeavy
from service.core.sheets.merged_cells import MergedCells
from service.core.sheets.rows import Records
from service.core.sheets.unpacking import open_bytes, read_chunks, reading

MAX_FILE = 50 << 20
SIMPLER = "Save the sheet as CSV UTF-8, or split it into several workbooks"
_CHILD = Path(__file__).with_name("workbook_child.py")
_OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """What the child may take: address space, processor time, time in which we wait for it."""

    memory_bytes: int = 1 << 30
    processor_seconds: int = 60
    waiting_seconds: float = 120.0


def read_workbook(
    path: Path, ending: Ending, sheet: str | None, limits: WorkbookLimits | None = None
) -> Records:
    """Yield the rows of a sheet that hold anything; numbers are as typed, formulas their values.

    What is merged over several rows stands in each of them, as a person sees it. A formula that
    was stored without a value is text that begins with ``=``. Raises WorkbookRefused,
    WorkbookTooHeavy or SheetTooLarge, each with its mend.
    """
    merged = MergedCells()
    for kind, *rest in _open_child(path, ending, sheet or "", limits or WorkbookLimits()):
        if kind == "row":
            number, cells = rest
            yield number, merged.fill(number, cells), None
        elif kind == "merged":
            merged = MergedCells(rest[0])


def list_sheets(path: Path, ending: Ending) -> list[str]:
    """The names of the visible sheets of a workbook, in its order."""
    with closing(_open_child(path, ending, "", WorkbookLimits())) as messages:
        return next((rest[0] for kind, *rest in messages if kind == "sheets"), [])


def _open_child(
    path: Path, ending: Ending, sheet: str, limits: WorkbookLimits
) -> Generator[list[Any], None, None]:
    """The messages of a child that reads the sheet."""
    with tempfile.TemporaryDirectory() as folder:
        book = _unpacked(path, Path(folder)) if ending.packed else path
        _check_file(book)
        yield from _ask_child(book, sheet, limits)


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


def _ask_child(book: Path, sheet: str, limits: WorkbookLimits) -> Iterator[list[Any]]:
    command = [sys.executable, "-I", str(_CHILD), str(book.resolve()), sheet]
    command += [str(limits.processor_seconds), str(limits.memory_bytes)]
    pipe, printed_to = os.pipe()
    child = subprocess.Popen(  # noqa: S603  # our own file, run by our own interpreter
        command,
        stdin=subprocess.DEVNULL,
        stdout=printed_to,
        stderr=subprocess.DEVNULL,
        env={"OPENPYXL_LXML": "False"},
    )
    os.close(printed_to)
    try:
        for line in _lines(pipe, limits.waiting_seconds):
            kind, *rest = message = orjson.loads(line)
            if kind == "end":
                return
            if kind in ("heavy", "refused"):
                raise (WorkbookTooHeavy if kind == "heavy" else WorkbookRefused)(*rest)
            yield message
        raise _early_end(child.wait())
    finally:
        child.kill()
        child.wait()
        os.close(pipe)


def _lines(pipe: int, seconds: float) -> Iterator[bytes]:
    """Lines of the child. Only the time spent waiting counts: a slow importer is no fault of it."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    rest = b""
    while True:
        start = time.monotonic()
        ready = poll.poll(max(0, seconds) * 1000)
        seconds -= time.monotonic() - start
        if not ready:
            raise WorkbookTooHeavy("The workbook takes longer than a reader is given", SIMPLER)
        chunk = os.read(pipe, 1 << 20)
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _early_end(code: int) -> WorkbookTooHeavy:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return WorkbookTooHeavy("The workbook takes longer than a reader is given", SIMPLER)
    return WorkbookTooHeavy("The workbook takes more memory than a reader is given", SIMPLER)
