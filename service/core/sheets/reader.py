"""Opens the rows of a file by its format, and finds the rows of its headings."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from os import PathLike
from pathlib import Path

from service.core.sheets.encodings import survey_text
from service.core.sheets.faults import HeadingsUnclear
from service.core.sheets.formats import FileFormat, format_of
from service.core.sheets.rows import HeadingRows, Records, RowSource, join_headings
from service.core.sheets.text_files import read_delimited, read_json_lines
from service.core.sheets.workbooks import read_first_rows, read_workbook

PREVIEW_ROWS = 200
"""How many rows are read to find the headings and guess what the columns hold."""


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """The first rows of a sheet, with their numbers; the name is empty outside workbooks."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def open_rows(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    unprotect: bool = False,
    heading: HeadingRows | None = None,
) -> RowSource:
    """Open a CSV, TSV, XLSX or NDJSON file, by its file name; also gzipped (``.gz``).

    ``sheet`` names the sheet of a workbook (default: the first visible one). ``heading`` says
    where the headings are (default: the first non-empty row; NDJSON has none).
    ``unprotect`` removes the apostrophes that ``write_rows`` puts before formulas. Raises
    SheetFault when the file as a whole cannot be read; a row that cannot be read carries a fault.
    """
    path = Path(path)
    file_format = format_of(path)
    if file_format.kind == "ndjson":
        return RowSource(partial(read_json_lines, path, file_format))
    read = _reader_of(path, file_format, sheet)
    is_book = file_format.kind == "xlsx"
    return RowSource(read, unprotected=unprotect, pads=is_book, heading=heading)


def preview_sheets(
    path: str | PathLike[str], *, sheet: str | None = None
) -> tuple[SheetPreview, ...]:
    """The first rows of each visible sheet of a workbook, or of the named one.

    A CSV or TSV file is one sheet without a name; NDJSON needs no headings and gives none.
    Raises SheetFault as ``open_rows`` does.
    """
    path = Path(path)
    file_format = format_of(path)
    if file_format.kind == "ndjson":
        return ()
    if file_format.kind == "xlsx":
        found = read_first_rows(path, file_format, sheet or "", PREVIEW_ROWS)
    else:
        with closing(_reader_of(path, file_format, "")()) as records:
            first = islice(records, PREVIEW_ROWS)
            found = {sheet or "": [(number, list(cells)) for number, cells, _ in first]}
    return tuple(
        SheetPreview(name, tuple((number, tuple(cells)) for number, cells in rows))
        for name, rows in found.items()
    )


def _reader_of(path: Path, file_format: FileFormat, sheet: str | None) -> Callable[[], Records]:
    if file_format.kind == "xlsx":
        return partial(read_workbook, path, file_format, sheet)
    survey = survey_text(path, packed=file_format.packed)
    return partial(read_delimited, path, file_format, survey)


_NOTES = re.compile(r"[(\[【〔<《].*?(?:[)\]】〕>》]|$)")
_MARKS = re.compile(r"[*★☆●○◆◇■□※#•·△▲√:;,、。!?\"'“”‘’]+")
_NUMBER = re.compile(r"^(?:[0-9]+|[一二三四五六七八九十]+(?=[.、]))[.、)]?(?=\D)")
_JOINTS = re.compile(r"[\s_\-./]+")


def heading_word(heading: str) -> str:
    """What a heading says: *网格编码, 2、网格编码（必填） and 网格_编码： are 网格编码."""
    folded = unicodedata.normalize("NFKC", heading).lower().strip()
    bare = _NUMBER.sub("", _NOTES.sub("", folded))
    return _JOINTS.sub("", _MARKS.sub("", bare))


LOOKED_AT = 30
"""How many rows from the top are searched for headings."""

_LONGEST_HEADING = 40
_WRITTEN = re.compile(r"\s*([0-9]{1,7})\s*(?:[-–—~]\s*([0-9]{1,7})\s*)?")


@dataclass(frozen=True, slots=True)
class HeadingGuess:
    """The probable heading rows of a sheet, and how many of the headings are known."""

    sheet: str
    rows: HeadingRows
    headings: tuple[str, ...]
    known: int

    @property
    def rank(self) -> tuple[int, int]:
        """More known headings win, then one row over two."""
        return self.known, self.rows.first - self.rows.last


def find_heading(preview: SheetPreview, is_known: Callable[[str], bool]) -> HeadingGuess | None:
    """The row, or pair of rows, with most known headings; None if no row has any."""
    best: HeadingGuess | None = None
    rows = preview.rows[:LOOKED_AT]
    for at, (number, cells) in enumerate(rows):
        # the row alone, and joined with the next one if both may be headings
        candidates = [(number, tuple(cell.strip() for cell in cells))]
        below = rows[at + 1] if at + 1 < len(rows) else (0, ())
        if below[0] == number + 1 and _may_head(cells) and _may_head(below[1]):
            _, joined, _ = join_headings([(number, cells, None), (*below, None)])
            candidates.append((number + 1, tuple(joined)))
        for last, names in candidates:
            known = sum(map(is_known, dict.fromkeys(filter(None, names))))
            if known and (best is None or (known, number - last) > best.rank):
                best = HeadingGuess(preview.name, HeadingRows(number, last), names, known)
    return best


def read_heading_rows(text: str) -> HeadingRows:
    """Parse ``3`` or ``3-4``; raises HeadingsUnclear for anything else."""
    found = _WRITTEN.fullmatch(text)
    first = int(found[1]) if found else 0
    last = int(found[2]) if found and found[2] else first
    if not 0 < first <= last <= first + 5:
        raise HeadingsUnclear(f"「{text}」不是标题所在的行号", "写行号，例如 3；标题占两行的写 3-4")
    return HeadingRows(first, last)


def _may_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(len(cell) <= _LONGEST_HEADING for cell in filled)
