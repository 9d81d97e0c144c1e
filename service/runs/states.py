"""The states of a run, and which may follow which."""

from enum import StrEnum


class RunState(StrEnum):
    """The state of a run; a failed one says why and may be resumed."""

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
"""The states in which workers work on a run."""
