"""The files of a list that a program has sent: what became of each row, and the refused rows."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from service.core.database import Database
from service.core.files import FileStore
from service.core.sheets import IGNORED_COLUMNS, write_rows
from service.imports.uploads.problem_workbook import write_problems
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.queries.rows import iterate_rows
from service.imports.uploads.states import list_name
from service.runs.results import REJECTS, RESULT, folder_of

COLUMNS = ("row", "outcome", "code", "standard_text", "reason", "hint", "rule")
"""The columns of the result; a row that names several plates has a line for each."""


def name_files(upload: UploadRow) -> dict[str, str]:
    """The names of the files, with the ending of the list."""
    ending = Path(list_name(upload.file_name)).suffix
    return {part: f"{part}{ending}" for part in (RESULT, REJECTS)}


def write_outcomes(database: Database, files: FileStore, upload: UploadRow, run_id: int) -> None:
    """Write both files of a list that was checked or stored."""
    headings = [one for one in upload.reading["headings"] if one not in IGNORED_COLUMNS]
    named = name_files(upload)
    with TemporaryDirectory(prefix="menpai-list-") as folder:
        result, rejects = (Path(folder, named[part]) for part in (RESULT, REJECTS))
        with database.reading() as session, write_rows(result, COLUMNS) as sheet:
            for row in iterate_rows(session, upload.id):
                parts = zip(*(fault[2:5] for fault in row.faults), strict=True)
                told = ["；".join(dict.fromkeys(filter(None, part))) for part in parts]
                why = told or ["", "", ""]
                sheet.write([row.number, row.outcome, row.code, row.text, *why])
        write_problems(database.url, upload.id, headings, rejects)
        for path in (result, rejects):
            place = f"{folder_of(run_id)}/{path.name}"
            with files.writing(place) as kept, path.open("rb") as own:
                shutil.copyfileobj(own, kept)
