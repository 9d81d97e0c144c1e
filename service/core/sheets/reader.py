"""Opens a sheet of any format as a stream of rows."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from os import PathLike
from pathlib import Path

from service.core.sheets.encodings import survey_text
from service.core.sheets.formats import FileFormat, format_of
from service.core.sheets.rows import HeadingRows, Records, RowSource
from service.core.sheets.text_files import read_delimited, read_json_lines
from service.core.sheets.workbooks import list_sheets, read_workbook

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
    names = [sheet or ""]
    if file_format.kind == "xlsx" and not sheet:
        names = list_sheets(path, file_format)
    previews = []
    for name in names:
        with closing(_reader_of(path, file_format, name)()) as records:
            rows = ((number, tuple(cells)) for number, cells, _ in islice(records, PREVIEW_ROWS))
            previews.append(SheetPreview(name, tuple(rows)))
    return tuple(previews)


def _reader_of(path: Path, file_format: FileFormat, sheet: str | None) -> Callable[[], Records]:
    if file_format.kind == "xlsx":
        return partial(read_workbook, path, file_format, sheet)
    survey = survey_text(path, packed=file_format.packed)
    return partial(read_delimited, path, file_format, survey)
