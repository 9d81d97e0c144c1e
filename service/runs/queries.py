"""Reads runs: their state, how far they are, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from address_model.tables import Run, RunAttempt, RunChunk
from service.core.errors import NotFound
from service.runs.states import UNFINISHED, RunState


class RunNotFound(NotFound):
    """There is no such run."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run and how far it is: ``done`` of ``total`` rows of work."""

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
        """How much of the work is done, 0 to 1."""
        if self.state == "done":
            return 1.0
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt at a chunk that has not ended well; ``error`` is None while it is under way."""

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
    """Runs, newest first, before (below) a number."""
    statement = _select().order_by(Run.id.desc()).limit(limit)
    if kind:
        statement = statement.where(Run.kind == kind)
    if state:
        statement = statement.where(Run.state == state)
    if before:
        statement = statement.where(Run.id < before)
    return [RunRow(*row) for row in session.execute(statement)]


def find_open_run(session: Session, kind: str, about: dict[str, object]) -> RunRow | None:
    """The newest run of a kind with these parameters that has not ended: it may be paused."""
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


def list_unfinished(session: Session) -> Sequence[int]:
    """The numbers of all runs that workers should be working on, oldest first."""
    statement = select(Run.id).where(Run.state.in_(UNFINISHED)).order_by(Run.id)
    return session.scalars(statement).all()


def list_attempts(session: Session, run_id: int) -> list[AttemptRow]:
    """The attempts at chunks of a run that have not ended well, oldest first."""
    statement = (
        select(RunAttempt.chunk, RunAttempt.worker, RunAttempt.error, RunAttempt.started_at)
        .where(RunAttempt.run_id == run_id)
        .order_by(RunAttempt.id)
    )
    return [AttemptRow(*row) for row in session.execute(statement)]


def list_results(session: Session, run_id: int, phase: int) -> list[dict[str, Any]]:
    """What the chunks of a phase that are done have returned, in their order."""
    statement = (
        select(RunChunk.result)
        .where(RunChunk.run_id == run_id, RunChunk.phase == phase, RunChunk.state == "done")
        .order_by(RunChunk.number)
    )
    return list(session.scalars(statement))


def _select() -> Select[*tuple[Any, ...]]:
    sizes = (
        select(
            func.coalesce(func.sum(case((RunChunk.state == "done", RunChunk.size))), 0).label(
                "done"
            ),
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
