"""The refused rows of an uploaded list as a workbook to correct and upload again."""

from collections.abc import Sequence
from pathlib import Path

from service.core.database import Database
from service.core.sheets import PROBLEM_COLUMNS, write_rows
from service.imports.uploads.queries.rows import iterate_refused

_JOINT = "；"


def write_problems(url: str, upload_id: int, headings: Sequence[str], path: Path) -> int:
    """Write the refused rows to an XLSX file; how many there are.

    Runs in a process of its own: ``url`` is that of the database. ``headings`` are those of the
    list, in its order.
    """
    database = Database(url, pool_size=1)
    try:
        with (
            database.reading() as session,
            write_rows(path, [*headings, *PROBLEM_COLUMNS]) as book,
        ):
            for row in iterate_refused(session, upload_id):
                own = [row.cells.get(heading, "") for heading in headings]
                # the columns, cells, reasons and hints of its faults, each once
                parts = zip(*(fault[:4] for fault in row.faults), strict=True)
                told = [_JOINT.join(dict.fromkeys(filter(None, part))) for part in parts]
                book.write([*own, row.number, *told])
            return book.count
    finally:
        database.dispose()
