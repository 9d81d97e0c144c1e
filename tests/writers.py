"""Writers at once: threads that carry out every command there is over one town, drawn by chance."""

import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from psycopg.errors import DeadlockDetected
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext

from service.core.errors import Busy, DatabaseUnreachable, MenpaiError
from tests.command_pairs import PAIRS
from tests.town import Town
from tests.writer_steps import STEPS
from tests.writer_steps.hand import Hand, Pool

RENEWED = 0.15
"""So often a writer puts a fresh door among those that all share."""


@dataclass
class Tally:
    """What became of the commands.

    ``deadlocks`` names those that were the victim of one, with what they were about to do, also
    where a worker tried again; ``faults`` is what else no command may end with.
    """

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    deadlocks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass
class Writers:
    """Writers over one town, who share the records of a pool; each has a folder for its files."""

    town: Town
    folder: Path
    draws: Collection[str] = (*PAIRS, *STEPS)
    """What is drawn: every command, or some."""

    tally: Tally = field(default_factory=Tally)
    end: float = 0.0
    deck: list[str] = field(default_factory=list)
    """What is still to be drawn before any command is drawn again."""

    dealing: threading.Lock = field(default_factory=threading.Lock)
    at: dict[int, str] = field(default_factory=dict)
    """What each thread is at."""

    def run(self, writers: int, seconds: float, beside: Callable[[], None]) -> Tally:
        """Let so many write for so long, and until each command was drawn equally often.

        ``beside`` runs meanwhile, in the caller's thread.
        """
        pool = Pool.make(self.town)
        self.end = time.monotonic() + seconds
        self.deck = [*self.draws]
        random.Random(writers).shuffle(self.deck)
        with self._deadlocks_are_seen(), ThreadPoolExecutor(writers) as threads:
            running = [threads.submit(self._write, n, pool) for n in range(writers)]
            try:
                beside()
            except BaseException:
                self.end, self.deck = 0.0, []
                raise
            for one in running:
                one.result()
        return self.tally

    def _write(self, number: int, pool: Pool) -> None:
        """Carry out what is drawn."""
        folder = self.folder / f"writer-{number}"
        folder.mkdir(parents=True)
        hand = Hand(self.town, pool, random.Random(number), folder)
        while name := self._draw(hand.drawn):
            if hand.drawn.random() < RENEWED:
                self._carry_out("renew", hand.renew)
            if name in STEPS:
                self._carry_out(name, partial(STEPS[name], hand))
            else:
                for step in PAIRS[name](self.town):
                    self._carry_out(name, partial(self._commit, step))

    def _draw(self, drawn: random.Random) -> str:
        """The next command; "" when time is over and each was drawn equally often."""
        with self.dealing:
            if not self.deck and time.monotonic() < self.end:
                self.deck = [*self.draws]
                drawn.shuffle(self.deck)
            return self.deck.pop() if self.deck else ""

    def _commit(self, step: Callable[..., object]) -> None:
        with self.town.database.session() as session:
            step(session)

    def _carry_out(self, name: str, command: Callable[[], object]) -> None:
        self.at[threading.get_ident()] = name
        try:
            command()
            self.tally.done[name] += 1
        except (Busy, DatabaseUnreachable):  # somebody has waited for a minute
            self.tally.faults.append(f"{name}: {traceback.format_exc()}")
        except MenpaiError:
            self.tally.refused[name] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the round tells it
            if not isinstance(getattr(error, "orig", None), DeadlockDetected):
                self.tally.faults.append(f"{name}: {traceback.format_exc()}")

    @contextmanager
    def _deadlocks_are_seen(self) -> Iterator[None]:
        event.listen(self.town.database.engine, "handle_error", self._see)
        try:
            yield
        finally:
            event.remove(self.town.database.engine, "handle_error", self._see)

    def _see(self, context: ExceptionContext) -> None:
        if isinstance(context.original_exception, DeadlockDetected):
            what, where = self.at.get(threading.get_ident(), "?"), context.statement or ""
            self.tally.deadlocks.append(f"{what}: {where[:200]} {context.original_exception}")
