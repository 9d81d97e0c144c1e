"""The process that reads one workbook under hard limits and prints its rows, one JSON a line.

It is run by its path, imports nothing of ours, cannot write a file, and is killed by the kernel
when it takes too much memory or processor time. Lines: ``["row", number, [cell, …]]``, at the
end ``["end"]``, or ``["refused", reason, mend]``.
"""

import importlib
import json
import re
import resource
import sys
import zipfile
from datetime import datetime
from typing import Any
from xml.parsers import expat

MAX_ENTRIES = 64
MAX_UNPACKED = 512 << 20
MAX_RATIO = 100
RATIO_COUNTS_FROM = 1 << 20
MAX_COLUMNS = 200
MAX_CELL = 32_767
SIMPLER = "Copy the rows into a new workbook, or save the sheet as CSV UTF-8"

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Refused(Exception):
    """The workbook is not read; arguments are the reason and the mend."""


class _RootReached(Exception):
    """The prologue of an XML part is over."""


def limit(processor_seconds: int, memory_bytes: int) -> None:
    """Bind this process: memory, processor time, no files to write, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_archive(path: str) -> None:
    """Refuse a ZIP directory that promises trouble, and any document type declaration."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise Refused(f"The workbook has {len(entries)} parts, at most 64 are read", SIMPLER)
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("The workbook is encrypted", "Save it without a password")
        if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
            raise Refused("The workbook holds macros", "Save it as .xlsx, without macros")
        for entry in entries:
            if entry.file_size > max(RATIO_COUNTS_FROM, MAX_RATIO * entry.compress_size):
                raise Refused(f"{entry.filename} unpacks to over 100 times its size", SIMPLER)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refused("The workbook unpacks to more than 512 MB", SIMPLER)
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                with archive.open(entry) as part:
                    check_prologue(part)


def check_prologue(part: Any) -> None:
    """Refuse a part with a document type: entities are never needed and often an attack."""

    def refuse(*_: object) -> None:
        raise Refused("The workbook declares XML entities", SIMPLER)

    def stop(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        while chunk := part.read(65_536):
            parser.Parse(chunk)
    except _RootReached:
        return


def choose_sheet(book: Any, name: str) -> Any:
    """Return the sheet of that name, or the first one that is not hidden."""
    if name:
        for sheet in book.worksheets:
            if sheet.title == name:
                return sheet
        names = ", ".join(sheet.title for sheet in book.worksheets)
        raise Refused(f"The workbook has no sheet {name}", f"Choose one of: {names}")
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            return sheet
    raise Refused("The workbook has no visible sheet", "Show the sheet, or name it")


def cell_text(value: Any) -> str:
    """Return a cell as text: numbers as short as they are exact, dates in ISO, formulas as is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(_character, value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(getattr(value, "text", value))  # numbers, dates and times; array formulas


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def print_rows(path: str, sheet_name: str) -> None:
    """Print every row that holds anything, numbered as the spreadsheet does."""
    openpyxl = importlib.import_module("openpyxl")
    book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
    sheet = choose_sheet(book, sheet_name)
    sheet.reset_dimensions()  # what the file says of its size may be a lie
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [cell_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise Refused(f"Row {number} has {len(cells)} columns, at most 200 are read", SIMPLER)
        if any(len(cell) > MAX_CELL for cell in cells):
            raise Refused(f"Row {number} has a cell of over 32,767 characters", "Shorten it")
        if cells:
            say("row", number, cells)
    say("end")


def say(*message: object) -> None:
    """Print one message as a line of JSON."""
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")


def main(path: str, sheet: str, processor_seconds: str, memory_bytes: str) -> None:
    """Read the workbook; whatever happens, the last line says how it ended."""
    limit(int(processor_seconds), int(memory_bytes))
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it: 300 MB
    try:
        check_archive(path)
        print_rows(path, sheet)
    except Refused as refused:
        say("refused", *refused.args)
    except MemoryError:
        say("heavy", "The workbook takes more memory than a reader is given", SIMPLER)
    except Exception as error:  # noqa: BLE001  # openpyxl raises anything on a broken file
        say("refused", f"The workbook is broken ({type(error).__name__}: {error})", SIMPLER)


if __name__ == "__main__":
    main(*sys.argv[1:])
