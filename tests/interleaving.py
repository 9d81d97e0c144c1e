"""Two transactions at once: the first is halted after each statement that locks something."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, event, text

from service.core.database import Database, Session
from service.core.errors import MenpaiError
from tests.lock_order import locks_of

Step = Callable[[Session], object]
PATIENCE_S = 30.0
_WAITING = text(
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and wait_event_type = 'Lock'"
)
_INSERT = "insert into"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one of the two: ``refused`` is why it was not done, None when it was."""

    result: object = None
    refused: MenpaiError | None = None


@dataclass
class Halt:
    """Stops one thread after its n-th locking statement, until it may go on."""

    after: int
    thread: int = 0
    seen: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def see(
        self, _c: Connection, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        """A statement was carried out."""
        if threading.get_ident() != self.thread:
            return
        if not locks_of(statement, values) and not statement.lower().startswith(_INSERT):
            return
        self.seen += 1
        if self.seen == self.after:
            self.reached.set()
            self.go_on.wait(PATIENCE_S)


def interleave(
    database: Database, first: Step, second: Step, *, after: int
) -> tuple[Outcome, Outcome, bool]:
    """Run both, the first halted after its n-th lock until the second has ended or waits.

    Returns what came of them, and whether the first has so many locks at all.

    Raises:
        OperationalError: they waited for each other.
    """
    halt = Halt(after)
    with _halting(database, halt), ThreadPoolExecutor(2) as threads:
        one = threads.submit(_carry_out, database, first, halt)
        _wait(lambda: halt.reached.is_set() or one.done())
        other = threads.submit(_carry_out, database, second, None)
        _wait(lambda: other.done() or _somebody_waits(database))
        halt.go_on.set()
        return one.result(PATIENCE_S), other.result(PATIENCE_S), halt.reached.is_set()


def interleave_everywhere(
    database: Database, make: Callable[[], tuple[Step, Step]]
) -> Iterator[tuple[Outcome, Outcome]]:
    """Every interleaving of two steps; ``make`` gives them anew, over records of their own."""
    for first_is_halted in (True, False):
        after, reached = 1, True
        while reached:
            steps = make()
            one, other = steps if first_is_halted else steps[::-1]
            outcomes = interleave(database, one, other, after=after)
            reached, after = outcomes[2], after + 1
            yield outcomes[:2] if first_is_halted else (outcomes[1], outcomes[0])


def until_somebody_waits(database: Database) -> None:
    """Until a transaction of this database waits for a lock."""
    _wait(lambda: _somebody_waits(database))


@contextmanager
def _halting(database: Database, halt: Halt) -> Iterator[None]:
    event.listen(database.engine, "after_cursor_execute", halt.see)
    try:
        yield
    finally:
        halt.go_on.set()
        event.remove(database.engine, "after_cursor_execute", halt.see)


def _carry_out(database: Database, step: Step, halt: Halt | None) -> Outcome:
    if halt is not None:
        halt.thread = threading.get_ident()
    try:
        with database.session() as session:
            result = step(session)
    except MenpaiError as refused:
        return Outcome(refused=refused)
    finally:
        if halt is not None:
            halt.thread = 0  # the next may be given the same thread
    return Outcome(result)


def _somebody_waits(database: Database) -> bool:
    with database.reading() as session:
        return bool(session.scalar(_WAITING))


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.002)


def wait_for_a_waiter(database: Database) -> None:
    """Until another transaction waits for a lock; each look is a transaction of its own.

    Within one transaction the activity of others is read once and stays as it was.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with database.reading() as session:
            if session.scalar(_WAITING):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
