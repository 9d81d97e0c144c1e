"""Claims and completes chunks, records failed attempts, and ends runs; for workers.

A chunk is claimed by a row lock, so it is free as soon as its worker's connection drops.
"""

import os
import socket

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from address_model.tables import Run, RunAttempt, RunChunk
from service.runs.commands.runs import Chunk, find_handler, handler_of, hold_subject, wake
from service.runs.queries import UNFINISHED, RunState, get_run

MAX_ERRORS = 3
"""How many errors of one chunk, each retried after a pause, fail its run."""

MAX_DEATHS = 10
"""How many workers may die while at a chunk: a machine that restarts is not its fault."""


class RunStopped(Exception):
    """The run was cancelled while a worker was processing one of its chunks."""


def claim_chunk(session: Session, run_id: int) -> Chunk | None:
    """Claim the first free chunk of the run's current phase; None if there is none."""
    run = get_run(session, run_id)
    if run.state not in UNFINISHED:
        return None
    phase = (
        select(func.min(RunChunk.phase))
        .where(RunChunk.run_id == run_id, RunChunk.state == "queued")
        .scalar_subquery()
    )
    row = session.execute(
        select(RunChunk.number, RunChunk.phase, RunChunk.size, RunChunk.parameters)
        .where(RunChunk.run_id == run_id, RunChunk.state == "queued", RunChunk.phase == phase)
        .order_by(RunChunk.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return None if row is None else Chunk(run, row.number, row.phase, row.size, row.parameters)


def begin_attempt(session: Session, chunk: Chunk) -> None:
    """Record an attempt, and wake another worker if more chunks are free.

    Call it in a transaction of its own that commits before the work begins.
    """
    run_id = chunk.run.id
    session.add(RunAttempt(run_id=run_id, chunk=chunk.number, worker=worker_name()))
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state == RunState.QUEUED)
        .values(
            state=RunState.RUNNING,
            started_at=func.coalesce(Run.started_at, func.clock_timestamp()),
        )
    )
    more = select(RunChunk.number).where(
        RunChunk.run_id == run_id,
        RunChunk.state == "queued",
        RunChunk.phase == chunk.phase,
        RunChunk.number > chunk.number,
    )
    if session.scalar(more.limit(1)):
        wake(session, run_id)


def note_progress(session: Session, chunk: Chunk, done: int) -> None:
    """Record how many rows of a long chunk are done, in a transaction of its own.

    Raises:
        RunStopped: the run was cancelled meanwhile; the chunk must not go on.
    """
    state = session.scalar(select(Run.state).where(Run.id == chunk.run.id))
    if state == RunState.CANCELLED:
        raise RunStopped
    newest = (
        select(func.max(RunAttempt.id))
        .where(RunAttempt.run_id == chunk.run.id, RunAttempt.chunk == chunk.number)
        .scalar_subquery()
    )
    session.execute(update(RunAttempt).where(RunAttempt.id == newest).values(done=done))


def complete_chunk(session: Session, chunk: Chunk, result: dict[str, object]) -> None:
    """Mark a chunk as done, in the same transaction as its work.

    Raises:
        RunStopped: the run was cancelled meanwhile; the work must be rolled back.
    """
    run_id = chunk.run.id
    state = session.scalar(select(Run.state).where(Run.id == run_id).with_for_update(read=True))
    if state == RunState.CANCELLED:
        raise RunStopped
    session.execute(
        update(RunChunk)
        .where(RunChunk.run_id == run_id, RunChunk.number == chunk.number)
        .values(state="done", result=result, finished_at=func.clock_timestamp())
    )
    session.execute(
        delete(RunAttempt).where(RunAttempt.run_id == run_id, RunAttempt.chunk == chunk.number)
    )


def find_exhaustion(session: Session, chunk: Chunk) -> str:
    """Why a chunk must not be retried, or "".

    While the chunk is claimed, earlier attempts without an error belong to dead workers.
    """
    errors = session.scalars(
        select(RunAttempt.error)
        .where(RunAttempt.run_id == chunk.run.id, RunAttempt.chunk == chunk.number)
        .order_by(RunAttempt.id)
    ).all()
    texts = [error for error in errors if error is not None]
    if len(texts) >= MAX_ERRORS:
        return texts[-1]
    if len(errors) - len(texts) >= MAX_DEATHS:
        return (
            f"{MAX_DEATHS} workers died over part {chunk.number}: the machine has too little "
            "memory, or restarts again and again. Give workers more memory, then resume the run"
        )
    return ""


def note_error(session: Session, chunk: Chunk, reason: str) -> None:
    """Record the error of this worker's last attempt at a chunk."""
    newest = (
        select(func.max(RunAttempt.id))
        .where(
            RunAttempt.run_id == chunk.run.id,
            RunAttempt.chunk == chunk.number,
            RunAttempt.worker == worker_name(),
        )
        .scalar_subquery()
    )
    session.execute(update(RunAttempt).where(RunAttempt.id == newest).values(error=reason))


def fail_run(session: Session, run_id: int, reason: str) -> None:
    """Fail a run with a reason; it can be resumed once that is corrected."""
    hold_subject(session, run_id)
    moved = session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_(UNFINISHED))
        .values(state=RunState.FAILED, reason=reason)
        .returning(Run.kind)
    ).first()
    handler = find_handler(moved.kind) if moved else None
    if handler:
        handler.fail(session, get_run(session, run_id), reason)


def finish_run(session: Session, run_id: int) -> bool:
    """Complete a run whose chunks are all done; False if some are not, or it has ended."""
    hold_subject(session, run_id)
    state = session.scalar(
        select(Run.state).where(Run.id == run_id).with_for_update(key_share=True)
    )
    open_chunk = select(RunChunk.number).where(RunChunk.run_id == run_id, RunChunk.state != "done")
    if state not in UNFINISHED or session.scalar(open_chunk.limit(1)) is not None:
        return False
    run = get_run(session, run_id)
    result = handler_of(run.kind).finish(session, run)
    session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(state=RunState.DONE, result=result, finished_at=func.clock_timestamp())
    )
    return True


def worker_name() -> str:
    """The name of this process in attempts: host name and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"
