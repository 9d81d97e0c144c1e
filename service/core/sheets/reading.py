"""Opens a sheet of any format as a stream of rows."""

from functools import partial
from os import PathLike
from pathlib import Path

from service.core.sheets.delimited import read_delimited
from service.core.sheets.endings import read_ending
from service.core.sheets.json_lines import read_json_lines
from service.core.sheets.rows import RowSource
from service.core.sheets.workbooks import read_workbook


def open_rows(
    path: str | PathLike[str], *, sheet: str | None = None, unprotect: bool = False
) -> RowSource:
    """Open a CSV, TSV, XLSX or NDJSON file, also packed as ``.gz``, told by its ending.

    ``sheet`` names the sheet of a workbook (default: the first visible one). ``unprotect`` takes
    away the apostrophes that ``write_rows`` puts before formulas. Raises SheetFault when the file
    as a whole cannot be read; a row that cannot be read carries a fault.
    """
    path = Path(path)
    ending = read_ending(path)
    if ending.kind == "xlsx":
        return RowSource(partial(read_workbook, path, ending, sheet), unprotected=unprotect)
    if ending.kind == "ndjson":
        return RowSource(partial(read_json_lines, path, ending))
    return RowSource(partial(read_delimited, path, ending), unprotected=unprotect)
