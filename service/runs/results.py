"""The files that a run leaves for whoever started it."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from service.core.errors import Conflict, Gone, StoredFileNotFound
from service.runs.queries import RunRow, RunState

RESULT, REJECTS = "result", "rejects"
KEEPS_FILES = "keeps_files"
"""The parameter of a run that has files; they are deleted some days after its end."""

FORGOTTEN = "forgotten"
"""The member of the result of a run whose files were deleted."""

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class RunUnfinished(Conflict):
    """The run has no result yet."""


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of a run: its path in the store, its media type, and the name to save it under."""

    path: str
    media_type: str
    name: str


def folder_of(run_id: int) -> str:
    """The folder of a run in the file store."""
    return f"runs/{run_id}"


def get_file(run: RunRow, part: str) -> RunFile:
    """The result of a run, or its rejects.

    Raises:
        RunUnfinished: it is not done.
        Gone: its files were deleted.
        StoredFileNotFound: a run of its kind, or this one, has no such file.
    """
    if run.state != RunState.DONE:
        raise RunUnfinished(
            f"run {run.id} is {run.state}",
            hint=f"ask for it when it is done: GET /api/v1/runs/{run.id}",
            zh=f"任务 {run.id} 还没有完成，完成后才有结果。",
        )
    if run.result.get(FORGOTTEN):
        raise Gone(
            f"the files of run {run.id} were deleted",
            hint="start it again",
            zh="结果文件已过保留期，已经删除，请重新发起。",
        )
    files = run.result.get("files")
    name = files.get(part) if isinstance(files, dict) else None
    if not name:
        raise StoredFileNotFound(f"run {run.id} has no {part}", zh="这项任务没有这个文件。")
    ending = PurePosixPath(name).suffix
    saved = f"{part}-{run.id}{ending}"
    return RunFile(f"{folder_of(run.id)}/{name}", MEDIA_TYPES[ending], saved)
