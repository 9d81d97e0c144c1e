"""The worker: jobs of the queue that process runs, chunk by chunk."""

import asyncio
import time
from collections.abc import Callable

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import Status

from service.core.database import DATABASE_ERRORS, Database
from service.core.disk_room import is_full
from service.core.errors import DatabaseUnreachable, MenpaiError
from service.core.faults import EnvironmentFault
from service.runs import queries
from service.runs.commands import (
    QUEUE,
    STEP,
    Chunk,
    RunBlocked,
    chunks,
    find_handler,
    handler_of,
    wake,
)
from service.runs.queries import RunState

SHIFT_S = 30.0
"""How long a worker stays with one run before it lets others have their turn, in seconds."""

TIMER_S = 10
STALLED_S = 30.0
"""A worker without a heartbeat for this many seconds is dead; its job is deleted."""


def run_chunks(
    database: Database, run_id: int, *, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Process chunks of a run until none is free, then complete it if all are done.

    Returns after an error (the timer wakes the run later for a retry), after ``SHIFT_S``, and when
    ``should_stop`` says so, always between two chunks.
    """
    end = time.monotonic() + SHIFT_S
    while not should_stop():
        if not _work_one(database, run_id):
            return
        if time.monotonic() > end:
            with database.session() as session:
                wake(session, run_id)
            return


def requeue_unfinished(database: Database) -> int:
    """Queue every unfinished run and return how many; at the start of a worker and by timer.

    That includes runs that are being processed: their surplus job finds nothing free and ends.
    """
    with database.session() as session:
        unfinished = queries.list_unfinished(session)
        for run_id in unfinished:
            wake(session, run_id)
    return len(unfinished)


def _work_one(database: Database, run_id: int) -> bool:
    """Process one chunk; False if there is nothing more to do for now."""
    held: list[Chunk] = []
    try:
        with database.session() as session:
            chunk = chunks.claim_chunk(session, run_id)
            if chunk is not None:
                held.append(chunk)
                if exhausted := chunks.find_exhaustion(session, chunk):
                    raise RunBlocked(exhausted)  # noqa: TRY301 - fails the run below
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
        chunk, reason = held[0], describe(error)
        with database.session() as session:
            chunks.note_error(session, chunk, reason)
            # A chunk that failed too often, or is blocked, fails its run.
            if isinstance(error, RunBlocked) or chunks.find_exhaustion(session, chunk):
                chunks.fail_run(session, chunk.run.id, reason)
            is_cancelled = queries.get_run(session, chunk.run.id).state == RunState.CANCELLED
        handler = find_handler(chunk.run.kind)
        if is_cancelled and handler:
            handler.discard(chunk)
        return False
    if not held:
        with database.session() as session:
            chunks.finish_run(session, run_id)
    return bool(held)


def describe(error: Exception) -> str:
    """An error as text for an officer: what happened, and how to correct it."""
    if isinstance(error, MenpaiError):
        text = f"{error.detail}. {error.hint}" if error.hint else error.detail
        return f"{error.zh} {text}" if error.zh else text
    if is_full(error):
        hint = "free some space, then resume"
        return f"磁盘已满：请腾出空间，然后继续执行。The disk is full ({error}): {hint}"
    if isinstance(error, EnvironmentFault):
        return str(error)
    if isinstance(error, DATABASE_ERRORS):
        return f"the database refuses: {str(getattr(error, 'orig', error)).splitlines()[0]}"
    return f"{type(error).__name__}: {error}"


def make_queue(conninfo: str) -> App:
    """The queue of a worker with its jobs, on its own connections."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    app.task(name=STEP, queue=QUEUE, pass_context=True)(step)
    timer = app.task(name="rouse", queue=QUEUE, queueing_lock="rouse", pass_context=True)(rouse)
    app.periodic(cron=f"* * * * * */{TIMER_S}")(timer)
    return app


def step(context: JobContext, run_id: int) -> None:
    """Job: process chunks of a run until none is free."""
    run_chunks(_database(context), run_id, should_stop=context.should_abort)


async def rouse(context: JobContext, timestamp: int) -> None:
    """Job of the timer: queue every unfinished run, and delete the jobs of dead workers."""
    await asyncio.to_thread(requeue_unfinished, _database(context))
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        if job.id is not None:
            await jobs.finish_job_by_id_async(job.id, Status.ABORTED, delete_job=True)


def _database(context: JobContext) -> Database:
    database = context.additional_context["database"]
    assert isinstance(database, Database)  # noqa: S101 - set by service.worker
    return database
