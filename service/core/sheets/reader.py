"""Opens a sheet of any format as a stream of rows."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from os import PathLike
from pathlib import Path

from service.core.sheets.delimited import read_delimited
from service.core.sheets.encodings import survey_text
from service.core.sheets.endings import Ending, read_ending
from service.core.sheets.json_lines import read_json_lines
from service.core.sheets.rows import HeadingRows, Records, RowSource
from service.core.sheets.workbooks import list_sheets, read_workbook

PREVIEW_ROWS = 200
"""So many rows of a sheet are looked at to find its headings and what its columns hold."""


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """The first rows of a sheet: its name (empty in a file of one), their numbers and cells."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def open_rows(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    unprotect: bool = False,
    heading: HeadingRows | None = None,
) -> RowSource:
    """Open a CSV, TSV, XLSX or NDJSON file, also packed as ``.gz``, told by its ending.

    ``sheet`` names the sheet of a workbook (default: the first visible one). ``heading`` says
    where the headings stand (default: the first row that holds anything; NDJSON has none).
    ``unprotect`` takes away the apostrophes that ``write_rows`` puts before formulas. Raises
    SheetFault when the file as a whole cannot be read; a row that cannot be read carries a fault.
    """
    path = Path(path)
    ending = read_ending(path)
    if ending.kind == "ndjson":
        return RowSource(partial(read_json_lines, path, ending))
    read = _reader_of(path, ending, sheet)
    is_book = ending.kind == "xlsx"
    return RowSource(read, unprotected=unprotect, pads=is_book, heading=heading)


def preview_sheets(
    path: str | PathLike[str], *, sheet: str | None = None
) -> tuple[SheetPreview, ...]:
    """The first rows of each visible sheet of a workbook, or of the one that is named.

    A CSV or TSV file is one sheet without a name; NDJSON names its columns in every row and has
    none. Raises SheetFault as ``open_rows`` does.
    """
    path = Path(path)
    ending = read_ending(path)
    if ending.kind == "ndjson":
        return ()
    names = [sheet or ""]
    if ending.kind == "xlsx" and not sheet:
        names = list_sheets(path, ending)
    return tuple(_preview(path, ending, name) for name in names)


def _preview(path: Path, ending: Ending, name: str) -> SheetPreview:
    with closing(_reader_of(path, ending, name)()) as records:
        first = islice(records, PREVIEW_ROWS)
        return SheetPreview(name, tuple((number, tuple(cells)) for number, cells, _ in first))


def _reader_of(path: Path, ending: Ending, sheet: str | None) -> Callable[[], Records]:
    if ending.kind == "xlsx":
        return partial(read_workbook, path, ending, sheet)
    survey = survey_text(path, packed=ending.packed)
    return partial(read_delimited, path, ending, survey)
