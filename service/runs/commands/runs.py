"""Starts, pauses, resumes and cancels runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from address_model.tables import Run, RunAttempt, RunChunk
from service.audit import commands as audit
from service.core.actor import Actor
from service.core.errors import Conflict
from service.runs.commands.handlers import Chunk, handler_of, hold_subject
from service.runs.commands.wake import wake
from service.runs.queries import RunRow, get_run
from service.runs.states import RUN_TRANSITIONS, RunState


@dataclass(frozen=True, slots=True)
class ChunkOrder:
    """A chunk to be done: in which phase, how much work it is, and what it needs to know."""

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
    """Add chunks behind those a run has; a chunk of an earlier phase may plan later ones.

    The chunk that plans hands its own size over to them, so that progress never goes back.
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
    """Let no further chunk begin; one that is under way ends and counts.

    Raises:
        RunNotFound, Conflict: the run has ended or is paused already.
    """
    run = _move(session, run_id, RunState.PAUSED, actor, "runs:pause")
    handler_of(run.kind).pause(session, run)
    return run


def resume_run(session: Session, run_id: int, actor: Actor) -> RunRow:
    """Let a paused or failed run go on where it stopped, with all its attempts before it again.

    Raises:
        RunNotFound, Conflict: the run is neither paused nor failed.
    """
    before = (RunState.PAUSED, RunState.FAILED)
    run = _move(session, run_id, RunState.QUEUED, actor, "runs:resume", before=before)
    session.execute(delete(RunAttempt).where(RunAttempt.run_id == run_id))
    handler_of(run.kind).resume(session, run)
    wake(session, run_id)
    return run


def cancel_run(session: Session, run_id: int, actor: Actor) -> RunRow:
    """End a run for good; what a worker is doing for it now is rolled back.

    Raises:
        RunNotFound, Conflict: the run has ended already.
    """
    run = _move(session, run_id, RunState.CANCELLED, actor, "runs:cancel")
    handler_of(run.kind).cancel(session, run)
    return run


def _move(
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
        raise _refusal(run, action.removeprefix("runs:"))
    ended = func.clock_timestamp() if state == RunState.CANCELLED else None
    session.execute(
        update(Run).where(Run.id == run_id).values(state=state, reason="", finished_at=ended)
    )
    audit.record(session, actor=actor, action=action, subject=str(run_id), kind=run.kind)
    return get_run(session, run_id)


def _refusal(run: RunRow, wish: str) -> Conflict:
    return Conflict(
        f"run {run.id} is {run.state} and cannot be {wish}",
        hint="see `menpai runs show` for what it did",
    )
