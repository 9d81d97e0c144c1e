"""The program that reads one workbook in the sandbox, under hard limits.

Messages: ``["sheet", name]``, ``["merged", ranges]``, then ``["row", number, [cell, …]]`` for every
non-empty row; of each visible sheet its first rows if a number of them is given.
"""

import importlib
import re
import sys
from contextlib import suppress
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from service.core.sandbox_child import ChildRefused, Say
from service.core.workbook_archive import SIMPLER, check_archive

MAX_COLUMNS, MAX_CELL = 200, 32_767
MAX_ROW, MAX_TEXT, MAX_PREVIEW = 1 << 18, 1 << 30, 1 << 24
"""Characters of a row, of a sheet, of all first rows: a cell names its shared text by number, so
that a workbook of a megabyte could hold gigabytes of text."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb'mergeCell[^>]*? ref="([A-Z]{1,3}[0-9]+:[A-Z]{1,3}[0-9]+)"')


class _Enough(Exception):
    """All rows that are asked for were sent."""


def read_merges(part: Any) -> list[str]:
    """The ranges of merged cells (B5:B9), which follow the rows in the XML of a sheet."""
    rest, found = b"", set[bytes]()
    while chunk := part.read(1 << 20):
        rest = rest[-200:] + chunk
        found.update(_MERGED.findall(rest))
    return [one.decode() for one in found]


def choose_sheet(book: Any, name: str) -> Any:
    """Return the sheet of that name, or the first one that is not hidden."""
    for sheet in book.worksheets:
        if sheet.title == name or (not name and sheet.sheet_state == "visible"):
            return sheet
    if not book.worksheets:
        hint = "Save it again as .xlsx, not as Strict Open XML"
        raise ChildRefused("The workbook has no sheet that can be read", hint)
    names = ", ".join(sheet.title for sheet in book.worksheets)
    raise ChildRefused(
        f"The workbook has no visible sheet {name}".strip(), f"Choose one of: {names}"
    )


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """The name of an XML element without its prefix."""
    return name.rpartition(":")[2]


def unescape(text: str) -> str:
    """Text of a cell: control characters are written ``_x000D_``; a NUL and halves are dropped."""
    return _ESCAPED.sub(_written_out, text) if "_x" in text else text


def _written_out(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "" if not code or 0xD800 <= code < 0xE000 else chr(code)


def read_part(part: Any, start: Any, end: Any, text: Any) -> None:
    """Parse an XML part, with callbacks for starts, ends and text."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    while chunk := part.read(65_536):
        parser.Parse(chunk)
    parser.Parse(b"", True)


def read_strings(part: Any) -> list[str]:
    """Return the shared strings without phonetic runs (rPh)."""
    strings, pieces, inside = list[str](), list[str](), list[str]()

    def start(name: str, _: Any) -> None:
        inside.append(local(name))

    def end(_: str) -> None:
        if inside.pop() == "si":
            strings.append(unescape("".join(pieces)))
            pieces.clear()

    def text(data: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(data)

    read_part(part, start, end, text)
    return strings


class SheetReader:
    """Parses the XML of a worksheet and sends its rows.

    Four times as fast as openpyxl, which makes an object of every cell, so that a workbook of a
    million rows is read within the time limit.
    """

    def __init__(self, say: Say, book: Any, strings: list[str], first_rows: int) -> None:
        """``first_rows`` are how many rows of each sheet are sent, 0 for all."""
        self.say, self.strings, self.first_rows = say, strings, first_rows
        self.characters = 0
        self.dates = {str(style) for style in book._date_formats}  # noqa: SLF001  # no public attribute
        self.spans = {str(style) for style in book._timedelta_formats}  # noqa: SLF001
        self.epoch = book.epoch
        self.from_excel = importlib.import_module("openpyxl.utils.datetime").from_excel
        self.columns = dict[str, int]()
        self.begin()

    def begin(self) -> None:
        """A sheet begins."""
        self.row, self.column, self.kind, self.style, self.sent = 0, 0, "n", "", 0
        self.content = self.open = ""
        self.formula: str | None = None
        self.spoken = False
        self.cells = list[str]()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins: a row, a cell, or the content of a cell."""
        name = local(name)
        if name == "c":
            reference = attributes.get("r")
            self.column = self.find_column(reference) if reference else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.content, self.formula = "", None
        elif name in ("v", "t"):
            self.open = "" if self.spoken else name
        elif name == "row":
            self.row = max(int(attributes.get("r", 0)), self.row + 1)
            self.column = 0
        elif name == "f":
            self.open, self.formula = name, ""
        elif name == "rPh":
            self.spoken = True

    def end(self, name: str) -> None:
        """An element ends: a cell is put into its row, a row is sent."""
        name = local(name)
        if name in ("v", "t", "f"):
            self.open = ""
        elif name == "c":
            self.put(self.value() if self.content or self.formula is not None else "")
        elif name == "row":
            if self.cells:
                self.send()
            self.cells = []
        elif name == "rPh":
            self.spoken = False

    def send(self) -> None:
        """Send the row; refuse one of too much text, and too much text of all rows."""
        size = sum(map(len, self.cells))
        self.characters += size
        if size > MAX_ROW:
            raise ChildRefused(f"Row {self.row} has over {MAX_ROW:,} characters", "Shorten it")
        if self.characters > (MAX_PREVIEW if self.first_rows else MAX_TEXT):
            raise ChildRefused("The sheet holds too much text", SIMPLER)
        self.say("row", self.row, self.cells)
        self.sent += 1
        if self.sent == self.first_rows:
            raise _Enough

    def text(self, data: str) -> None:
        """Text of the open element."""
        if self.open == "f":
            self.formula = (self.formula or "") + data
        elif self.open:
            self.content += data

    def find_column(self, reference: str) -> int:
        """The number of a cell's column: B7 is 2."""
        letters = reference.rstrip("0123456789")
        number = self.columns.get(letters, 0)
        if not number:
            for letter in letters[:4].upper():
                number = number * 26 + ord(letter) - 64
            self.columns[letters] = number
        return number

    def value(self) -> str:
        """The text of the cell as displayed; a formula without a stored value is itself."""
        raw = self.content
        if self.formula is not None and not raw:
            return "" if self.kind == "str" else "=" + self.formula
        if self.kind == "n":
            return self.date(float(raw)) if self.style in self.dates else number_text(raw)
        if self.kind == "s":
            return self.strings[int(raw)]
        if self.kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        return unescape(raw)

    def date(self, serial: float) -> str:
        """A day count as an ISO date, with its time if it has one."""
        try:
            moment = self.from_excel(serial, self.epoch, timedelta=self.style in self.spans)
        except (OverflowError, ValueError):
            return number_text(str(serial))
        return str(moment).removesuffix(" 00:00:00")

    def put(self, text: str) -> None:
        """Put a cell into the row."""
        if text and not 0 < self.column <= MAX_COLUMNS:
            raise ChildRefused(
                f"Row {self.row} has a cell in column {self.column}, at most 200 are read", SIMPLER
            )
        if len(text) > MAX_CELL:
            raise ChildRefused(f"Row {self.row} has a cell of over 32,767 characters", "Shorten it")
        if text:
            self.cells += [""] * (self.column - len(self.cells))
            self.cells[self.column - 1] = text


def number_text(raw: str) -> str:
    """A number with the 15 digits that spreadsheets keep: 120.15000000000001 was typed 120.15.

    One of more digits was rounded, and looks like it: 3.30102199001010e+17.
    """
    if len(raw) <= 15 and "e" not in raw.lower() and not ("." in raw and raw[-1] in "0."):
        return raw
    if not (value := float(raw)).is_integer():
        return f"{value:.15g}"
    return str(int(value)) if abs(value) < 1e15 else f"{value:.14e}"


def run(say: Say, _: bytes, path: str, sheet_name: str, first_rows: str) -> None:
    """Send the non-empty rows of a sheet, as it numbers them, or the first of every sheet."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it: 300 MB
    check_archive(path)
    excel = importlib.import_module("openpyxl.reader.excel")
    reader = excel.ExcelReader(path, read_only=True, keep_links=False)
    reader.read_strings = lambda: None
    reader.read()
    part = reader.package.find(excel.SHARED_STRINGS)
    strings = read_strings(reader.archive.open(part.PartName[1:])) if part else []
    rows = SheetReader(say, reader.wb, strings, int(first_rows))
    sheets = [choose_sheet(reader.wb, sheet_name)]  # also of previews: there must be one
    if int(first_rows) and not sheet_name:
        sheets = [one for one in reader.wb.worksheets if one.sheet_state == "visible"]
    for sheet in sheets:
        say("sheet", sheet.title)
        rows.begin()
        with reader.archive.open(sheet._worksheet_path) as opened, suppress(_Enough):  # noqa: SLF001
            say("merged", read_merges(opened))
            opened.seek(0)
            read_part(opened, rows.start, rows.end, rows.text)
