"""What a kind of run does: the handlers that slices register, and what they are handed."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from service.core.errors import MenpaiError
from service.runs.queries import RunRow, get_run


class RunBlocked(MenpaiError):
    """The run cannot go on before somebody has corrected something."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One part of a run in the hands of a worker."""

    run: RunRow
    number: int
    phase: int
    size: int
    parameters: dict[str, object]


class Handler(Protocol):
    """What a slice does for runs of its kind; each call is part of a transaction of the runs'."""

    def work(self, session: Session, chunk: Chunk) -> dict[str, object]:
        """Do one chunk; what it returns is kept with the chunk's mark.

        An error is tried again later; RunBlocked stops the run at once and says why. Files must
        be written so that writing them again does no harm.
        """

    def hold(self, session: Session, run: RunRow, *, whole: bool = False) -> None:
        """Lock the record that the run is about: before the run itself, as everybody does.

        ``whole`` locks all that cancelling takes back, too.
        """

    def discard(self, chunk: Chunk) -> None:
        """Take away the files that a chunk wrote whose run was cancelled meanwhile."""

    def finish(self, session: Session, run: RunRow) -> dict[str, object]:
        """All chunks are done; what it returns is the result of the run."""

    def fail(self, session: Session, run: RunRow, reason: str) -> None:
        """The run has stopped, with its reason."""

    def resume(self, session: Session, run: RunRow) -> None:
        """The run goes on after it was paused or had failed."""

    def pause(self, session: Session, run: RunRow) -> None:
        """The run was paused."""

    def cancel(self, session: Session, run: RunRow) -> None:
        """The run was cancelled; take back what is half made."""


_HANDLERS: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Say who handles runs of a kind; the roof imports the files that do."""
    _HANDLERS[kind] = handler


def handler_of(kind: str) -> Handler:
    """The handler of a kind.

    Raises:
        RunBlocked: this version of Menpai knows no such kind.
    """
    handler = find_handler(kind)
    if handler is None:
        raise RunBlocked(
            f"this version knows no runs of the kind {kind!r}",
            hint="bring all workers to the version that started the run, then resume it",
        )
    return handler


def hold_subject(session: Session, run_id: int, *, whole: bool = False) -> None:
    """Lock what a run is about before the run: officers come from there (batch → run)."""
    run = get_run(session, run_id)
    handler = find_handler(run.kind)
    if handler:
        handler.hold(session, run, whole=whole)


def find_handler(kind: str) -> Handler | None:
    """The handler of a kind, or None when this version knows no such kind."""
    return _HANDLERS.get(kind)
