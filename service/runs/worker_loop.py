"""Works runs off, chunk by chunk; what a worker does when it is woken."""

import time
from collections.abc import Callable

from service.core.database import DATABASE_ERRORS, Database
from service.core.disk_room import is_full
from service.core.errors import DatabaseUnreachable, MenpaiError
from service.core.faults import EnvironmentFault
from service.runs import queries
from service.runs.commands import RunBlocked, chunks, wake
from service.runs.commands.handlers import Chunk, find_handler, handler_of
from service.runs.states import RunState

SHIFT_S = 30.0
"""After so long at one run, a worker lets others have their turn."""


def run_chunks(
    database: Database, run_id: int, *, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Do chunks of a run until none is free, then end it if all are done.

    Returns after an error (the timer wakes the run again, so that a retry comes later), at the end
    of a shift, and when told to stop, always between two chunks.
    """
    end = time.monotonic() + SHIFT_S
    while not should_stop():
        if not _work_one(database, run_id):
            return
        if time.monotonic() > end:
            with database.session() as session:
                wake.wake(session, run_id)
            return


def requeue_unfinished(database: Database) -> int:
    """Queue every unfinished run; return how many. For a starting worker and the timer.

    A run in other hands is queued as well: whoever comes for it finds nothing free and leaves.
    """
    with database.session() as session:
        unfinished = queries.list_unfinished(session)
        for run_id in unfinished:
            wake.wake(session, run_id)
    return len(unfinished)


def _work_one(database: Database, run_id: int) -> bool:
    """Do one chunk; False when there is nothing more to do here and now."""
    held: list[Chunk] = []
    try:
        with database.session() as session:
            chunk = chunks.claim_chunk(session, run_id)
            if chunk is not None:
                held.append(chunk)
                _require_strength(chunks.find_exhaustion(session, chunk))
                with database.session() as other:
                    chunks.begin_attempt(other, chunk)
                result = handler_of(chunk.run.kind).work(session, chunk)
                chunks.complete_chunk(session, chunk, result)
    except chunks.RunStopped:
        handler_of(held[0].run.kind).discard(held[0])
        return False
    except Exception as error:
        if not held or isinstance(error, DatabaseUnreachable):
            raise
        _note(database, held[0], error)
        return False
    if not held:
        with database.session() as session:
            chunks.finish_run(session, run_id)
    return bool(held)


def _require_strength(exhausted: str) -> None:
    if exhausted:
        raise RunBlocked(exhausted)


def _note(database: Database, chunk: Chunk, error: Exception) -> None:
    """Keep what went wrong; a chunk that erred too often, or is blocked, fails its run."""
    reason = describe(error)
    with database.session() as session:
        chunks.note_error(session, chunk, reason)
        if isinstance(error, RunBlocked) or chunks.find_exhaustion(session, chunk):
            chunks.fail_run(session, chunk.run.id, reason)
        is_cancelled = queries.get_run(session, chunk.run.id).state == RunState.CANCELLED
    handler = find_handler(chunk.run.kind)
    if is_cancelled and handler:
        handler.discard(chunk)


def describe(error: Exception) -> str:
    """An error as an officer reads it: what, and how to correct it."""
    if isinstance(error, MenpaiError):
        said = f"{error.detail}. {error.hint}" if error.hint else error.detail
        return f"{error.zh} {said}" if error.zh else said
    if is_full(error):
        hint = "free some space, then resume"
        return f"磁盘已满：请腾出空间，然后继续执行。The disk is full ({error}): {hint}"
    if isinstance(error, EnvironmentFault):
        return str(error)
    if isinstance(error, DATABASE_ERRORS):
        return f"the database refuses: {str(getattr(error, 'orig', error)).splitlines()[0]}"
    return f"{type(error).__name__}: {error}"
