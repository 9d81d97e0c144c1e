"""Starts, pauses, resumes and cancels runs; the handler of each kind; the queue of workers.

The queue only wakes workers; the work itself is in the tables of runs. A lost job costs
ten seconds, a surplus job nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Protocol

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from address_model.tables import Run, RunAttempt, RunChunk
from service.audit import commands as audit
from service.core.actor import Actor
from service.core.bulk_copy import raw_connection
from service.core.database import after_commit
from service.core.errors import Conflict, MenpaiError
from service.core.files import FileStore
from service.runs.queries import RUN_TRANSITIONS, UNFINISHED, RunRow, RunState, get_run
from service.runs.results import FORGOTTEN, KEEPS_FILES, folder_of


class RunBlocked(MenpaiError):
    """The run cannot go on until somebody has corrected something."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One part of a run, claimed by a worker."""

    run: RunRow
    number: int
    phase: int
    size: int
    parameters: dict[str, object]


class Handler(Protocol):
    """The callbacks for runs of one kind; each is called within a transaction of the run."""

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Do one chunk and return its result, which is stored with the chunk.

        An error is retried later; RunBlocked fails the run at once with its reason. Writing
        files must be idempotent.
        """

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Lock the record that the run is about, before the run itself: one lock order for all.

        ``whole``: also lock everything that cancelling undoes.
        """

    def discard(self, chunk: Chunk) -> None:
        """Delete the files written by a chunk whose run was cancelled meanwhile."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """All chunks are done; return the result of the run."""

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """The run has failed, for this reason."""

    def resume(self, session: Session, run: RunRow) -> None:
        """The run goes on after a pause or failure."""

    def pause(self, session: Session, run: RunRow) -> None:
        """The run was paused."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """The run was cancelled; undo what is half done."""


_HANDLERS: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Register the handler of a kind; see ``service.run_kinds``."""
    _HANDLERS[kind] = handler


def handler_of(kind: str) -> Handler:
    """The handler of a kind.

    Raises:
        RunBlocked: this version of Menpai does not know the kind.
    """
    handler = find_handler(kind)
    if handler is None:
        raise RunBlocked(
            f"this version does not know runs of the kind {kind!r}",
            hint="bring all workers to the version that started the run, then resume it",
        )
    return handler


def hold_subject(session: Session, run_id: int, *, whole: bool = False) -> None:
    """Lock the subject of a run before the run: callers lock in that order (batch → run)."""
    run = get_run(session, run_id)
    handler = find_handler(run.kind)
    if handler:
        handler.hold(session, run, whole=whole)


def find_handler(kind: str) -> Handler | None:
    """The handler of a kind, or None if this version does not know it."""
    return _HANDLERS.get(kind)


QUEUE = "runs"
STEP = "step"

_QUEUE_APP = App(connector=SyncPsycopgConnector())
"""Never opened: it only writes over connections passed to it."""


def wake(session: Session, run_id: int) -> None:
    """Queue a job for a run when this transaction commits, unless one is waiting already."""
    lock = f"run-{run_id}"
    session.flush()
    try:
        with session.begin_nested():
            connection = raw_connection(session)  # this sets the savepoint
            job = _QUEUE_APP.configure_task(
                STEP, queue=QUEUE, queueing_lock=lock, connection=connection
            )
            job.defer(run_id=run_id)
    except AlreadyEnqueued:
        return


@dataclass(frozen=True, slots=True)
class ChunkOrder:
    """A chunk to be done: its phase, its size in rows of work, and its parameters."""

    phase: int = 1
    size: int = 1
    parameters: dict[str, object] = field(default_factory=dict)


def start_run(
    session: Session,
    kind: str,
    chunks: Sequence[ChunkOrder],
    actor: Actor,
    *,
    parameters: dict[str, object] | None = None,
) -> int:
    """Queue a run with its chunks; workers wake when this transaction commits."""
    run = Run(kind=kind, actor=str(actor), parameters=parameters or {}, result={})
    session.add(run)
    session.flush()
    add_chunks(session, run.id, chunks)
    audit.record(session, actor=actor, action="runs:start", subject=str(run.id), kind=kind)
    wake(session, run.id)
    return run.id


def add_chunks(
    session: Session, run_id: int, chunks: Sequence[ChunkOrder], *, out_of: Chunk | None = None
) -> None:
    """Append chunks to a run; a chunk of an earlier phase (``out_of``) may plan later ones.

    The size of ``out_of`` becomes 0, so that its work is not counted twice.
    """
    last = session.scalar(select(func.max(RunChunk.number)).where(RunChunk.run_id == run_id)) or 0
    rows = [
        {
            "run_id": run_id,
            "number": number,
            "phase": chunk.phase,
            "size": chunk.size,
            "parameters": chunk.parameters,
            "result": {},
        }
        for number, chunk in enumerate(chunks, start=last + 1)
    ]
    if rows:
        session.execute(insert(RunChunk), rows)
    if out_of is not None:
        session.execute(
            update(RunChunk)
            .where(RunChunk.run_id == run_id, RunChunk.number == out_of.number)
            .values(size=0)
        )


def pause_run(session: Session, run_id: int, actor: Actor) -> RunRow:
    """Start no further chunk; a running one finishes and counts.

    Raises:
        RunNotFound, Conflict: the run has ended or is paused already.
    """
    run = _change_state(session, run_id, RunState.PAUSED, actor, "runs:pause")
    handler_of(run.kind).pause(session, run)
    return run


def resume_run(session: Session, run_id: int, actor: Actor) -> RunRow:
    """Continue a paused or failed run where it stopped; its count of attempts is reset.

    Raises:
        RunNotFound, Conflict: the run is neither paused nor failed.
    """
    before = (RunState.PAUSED, RunState.FAILED)
    run = _change_state(session, run_id, RunState.QUEUED, actor, "runs:resume", before=before)
    session.execute(delete(RunAttempt).where(RunAttempt.run_id == run_id))
    handler_of(run.kind).resume(session, run)
    wake(session, run_id)
    return run


def cancel_run(session: Session, run_id: int, actor: Actor) -> RunRow:
    """End a run permanently; the chunk a worker is doing now is rolled back.

    Raises:
        RunNotFound, Conflict: the run has ended already.
    """
    run = _change_state(session, run_id, RunState.CANCELLED, actor, "runs:cancel")
    handler_of(run.kind).cancel(session, run)
    return run


def forget_files(session: Session, files: FileStore, kept_days: int) -> int:
    """Delete the files of runs that ended, or were started and left, so many days ago; how many.

    The files go once that is committed.
    """
    over = func.coalesce(Run.finished_at, Run.created_at)
    gone = session.scalars(
        update(Run)
        .where(
            Run.parameters[KEEPS_FILES].as_boolean(),
            Run.state.not_in(UNFINISHED),
            Run.result[FORGOTTEN].is_(None),
            over < func.clock_timestamp() - timedelta(days=kept_days),
        )
        .values(result=Run.result.concat({FORGOTTEN: True}))
        .returning(Run.id)
        .execution_options(synchronize_session=False)
    ).all()
    for run_id in gone:
        after_commit(session, partial(files.remove_folder, folder_of(run_id)))
    return len(gone)


def _change_state(
    session: Session,
    run_id: int,
    state: RunState,
    actor: Actor,
    action: str,
    *,
    before: Sequence[RunState] = tuple(RunState),
) -> RunRow:
    hold_subject(session, run_id, whole=state == RunState.CANCELLED)
    session.execute(select(Run.id).where(Run.id == run_id).with_for_update(key_share=True))
    run = get_run(session, run_id)
    if run.state not in before or state not in RUN_TRANSITIONS[RunState(run.state)]:
        raise Conflict(
            f"cannot {action.removeprefix('runs:')} run {run.id}: it is {run.state}",
            hint="see `menpai runs show` for what it did",
        )
    ended = func.clock_timestamp() if state == RunState.CANCELLED else None
    session.execute(
        update(Run).where(Run.id == run_id).values(state=state, reason="", finished_at=ended)
    )
    audit.record(session, actor=actor, action=action, subject=str(run_id), kind=run.kind)
    return get_run(session, run_id)
