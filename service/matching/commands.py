"""Queues batches that are too long for one answer."""

from sqlalchemy.orm import Session

from service.auth.grants import Program
from service.core.errors import ServerBusy
from service.core.files import FileStore
from service.matching.batches import Batch
from service.matching.resolve_options import ResolveOptions
from service.runs.commands import ChunkOrder, start_run
from service.runs.queries import RunRow, count_open_runs, get_run
from service.runs.results import KEEPS_FILES, folder_of

KIND = "resolve:batch"
COUNT, RESOLVE, JOIN = 1, 2, 3
"""The phases: the rows are counted and divided, resolved, and their parts joined."""

MOST_WAITING = 5
"""So many batches of one caller may wait or run; each keeps its file."""

RETRY_S = 60


def queue_batch(
    session: Session,
    files: FileStore,
    batch: Batch,
    column: str,
    focus: ResolveOptions,
    *,
    program: Program,
) -> RunRow:
    """Keep a batch in the file store, and queue the run that resolves it.

    Raises:
        ServerBusy: this caller has several waiting.
        FilesUnavailable: the store cannot be written to.
    """
    if count_open_runs(session, KIND, program.actor) >= MOST_WAITING:
        raise ServerBusy(RETRY_S)
    parameters: dict[str, object] = {
        KEEPS_FILES: True,
        "ending": batch.ending,
        "column": column,
        "within": focus.division,
        "scheme": focus.scheme,
        "level": focus.level,
        "grants": [one.number for one in program.grants],
    }
    run_id = start_run(session, KIND, [ChunkOrder(COUNT)], program.actor, parameters=parameters)
    files.write(f"{folder_of(run_id)}/source{batch.ending}", batch.body)
    return get_run(session, run_id)
