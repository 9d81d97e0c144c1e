"""Reads runs: their states and progress, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from address_model.tables import Run, RunAttempt, RunChunk
from service.core.actor import Actor
from service.core.errors import NotFound


class RunState(StrEnum):
    """The state of a run; a failed run has a reason and may be resumed."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DONE = "done"


S = RunState

RUN_TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    S.QUEUED: frozenset({S.RUNNING, S.PAUSED, S.FAILED, S.CANCELLED, S.DONE}),
    S.RUNNING: frozenset({S.QUEUED, S.PAUSED, S.FAILED, S.CANCELLED, S.DONE}),
    S.PAUSED: frozenset({S.QUEUED, S.CANCELLED}),
    S.FAILED: frozenset({S.QUEUED, S.CANCELLED}),
    S.CANCELLED: frozenset(),
    S.DONE: frozenset(),
}

UNFINISHED = (S.QUEUED, S.RUNNING)
"""The states in which workers process a run."""


class RunNotFound(NotFound):
    """There is no such run."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run and its progress: ``done`` of ``total`` rows of work."""

    id: int
    kind: str
    state: str
    reason: str
    actor: str
    parameters: dict[str, object]
    result: dict[str, object]
    done: int
    total: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def share(self) -> float:
        """The fraction of the work that is done, 0 to 1."""
        if self.state == "done":
            return 1.0
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """A failed or running attempt at a chunk; ``error`` is None while it runs."""

    chunk: int
    worker: str
    error: str | None
    started_at: datetime


def get_run(session: Session, run_id: int) -> RunRow:
    """One run.

    Raises:
        RunNotFound: no run has this number.
    """
    row = session.execute(_select().where(Run.id == run_id)).first()
    if row is None:
        raise RunNotFound(
            f"no run has the number {run_id}",
            hint="see `menpai runs list`",
            http_hint="the number came when the work was started",
        )
    return RunRow(*row)


def list_runs(
    session: Session, *, kind: str = "", state: str = "", before: int = 0, limit: int = 50
) -> list[RunRow]:
    """Runs, newest first, with numbers below ``before``."""
    statement = _select().order_by(Run.id.desc()).limit(limit)
    if kind:
        statement = statement.where(Run.kind == kind)
    if state:
        statement = statement.where(Run.state == state)
    if before:
        statement = statement.where(Run.id < before)
    return [RunRow(*row) for row in session.execute(statement)]


def find_open_run(session: Session, kind: str, about: dict[str, object]) -> RunRow | None:
    """The newest unfinished run (also paused or failed) of a kind with these parameters."""
    statement = (
        _select()
        .where(
            Run.kind == kind,
            Run.state.not_in((RunState.DONE, RunState.CANCELLED)),
            Run.parameters.contains(about),
        )
        .order_by(Run.id.desc())
    )
    row = session.execute(statement.limit(1)).first()
    return None if row is None else RunRow(*row)


def count_open_runs(session: Session, kind: str, actor: Actor) -> int:
    """How many runs of a kind that an actor started are neither done nor cancelled."""
    ended = (RunState.DONE, RunState.CANCELLED)
    own = Run.kind == kind, Run.actor == str(actor), Run.state.not_in(ended)
    return session.scalar(select(func.count()).select_from(Run).where(*own)) or 0


def list_unfinished(session: Session) -> Sequence[int]:
    """The numbers of all runs that workers should process, oldest first."""
    statement = select(Run.id).where(Run.state.in_(UNFINISHED)).order_by(Run.id)
    return session.scalars(statement).all()


def list_attempts(session: Session, run_id: int) -> list[AttemptRow]:
    """The failed and running attempts at chunks of a run, oldest first."""
    statement = (
        select(RunAttempt.chunk, RunAttempt.worker, RunAttempt.error, RunAttempt.started_at)
        .where(RunAttempt.run_id == run_id)
        .order_by(RunAttempt.id)
    )
    return [AttemptRow(*row) for row in session.execute(statement)]


def list_results(session: Session, run_id: int, phase: int) -> list[dict[str, Any]]:
    """The results of the finished chunks of a phase, in their order."""
    statement = (
        select(RunChunk.result)
        .where(RunChunk.run_id == run_id, RunChunk.phase == phase, RunChunk.state == "done")
        .order_by(RunChunk.number)
    )
    return list(session.scalars(statement))


def _select() -> Select[*tuple[Any, ...]]:
    begun = (  # what the newest attempt at a long chunk says
        select(RunAttempt.done)
        .where(RunAttempt.run_id == RunChunk.run_id, RunAttempt.chunk == RunChunk.number)
        .order_by(RunAttempt.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    partly = func.least(func.coalesce(begun, 0), RunChunk.size)  # least() passes over null
    done = case((RunChunk.state == "done", RunChunk.size), else_=partly)
    sizes = (
        select(
            func.coalesce(func.sum(done), 0).label("done"),
            func.coalesce(func.sum(RunChunk.size), 0).label("total"),
        )
        .where(RunChunk.run_id == Run.id)
        .lateral()
    )
    return (
        select(
            Run.id,
            Run.kind,
            Run.state,
            Run.reason,
            Run.actor,
            Run.parameters,
            Run.result,
            sizes.c.done,
            sizes.c.total,
            Run.created_at,
            Run.started_at,
            Run.finished_at,
        )
        .select_from(Run)
        .join(sizes, sizes.c.done.is_not(None))
    )
