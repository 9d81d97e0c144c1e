"""Writers at once: threads that carry out commands of every kind over one town, drawn by chance."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError

from service.addresses import commands as addresses
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.core.errors import MenpaiError
from tests.command_pairs import PAIRS
from tests.interleaving import Step
from tests.town import Town, correct, issue, merge, replace, retire


@dataclass
class Tally:
    """What became of the commands; ``deadlocks`` names those that were the victim of one."""

    outcomes: Counter[str] = field(default_factory=Counter)
    deadlocks: list[str] = field(default_factory=list)


@dataclass
class Writers:
    """Writers over one town, who share the addresses and plates that ``common`` has."""

    town: Town
    tally: Tally = field(default_factory=Tally)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, writers: int, seconds: float, beside: Callable[[], None]) -> Tally:
        """Let so many write for so long; ``beside`` runs meanwhile, in the caller's thread."""
        codes = self.town.enter(writers)
        tokens = [self.town.hang(code) for code in codes]
        with ThreadPoolExecutor(writers) as threads:
            running = [threads.submit(self._write, n, codes, tokens) for n in range(writers)]
            try:
                end = time.monotonic() + seconds
                beside()
                while time.monotonic() < end and not any(one.done() for one in running):
                    time.sleep(0.05)
            finally:
                self.stopped.set()
            for one in running:
                one.result()
        return self.tally

    def _write(self, number: int, codes: Sequence[str], tokens: Sequence[str]) -> None:
        drawn = random.Random(number)
        while not self.stopped.is_set():
            name = drawn.choice([*PAIRS, *SHARED])
            if name in PAIRS:
                steps: Sequence[Step] = PAIRS[name](self.town)
            else:
                steps = [SHARED[name](self.town, drawn, codes, tokens)]
            for step in steps:
                self._carry_out(name, step)

    def _carry_out(self, name: str, step: Step) -> None:
        try:
            with self.town.database.session() as session:
                step(session)
            self.tally.outcomes[f"{name} done"] += 1
        except MenpaiError:
            self.tally.outcomes[f"{name} refused"] += 1
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected):
                raise
            self.tally.deadlocks.append(name)


def _freeze(code: str, session: Session) -> None:
    addresses.freeze_address(session, code, ME, reason="核查")


def _unfreeze(code: str, session: Session) -> None:
    addresses.unfreeze_address(session, code, ME)


Make = Callable[[Town, random.Random, Sequence[str], Sequence[str]], Step]
SHARED: dict[str, Make] = {
    "shared correct": lambda town, drawn, codes, _: correct(drawn.choice(codes), town.draft()),
    "shared merge": lambda _, drawn, codes, __: merge([drawn.choice(codes)], drawn.choice(codes)),
    "shared retire": lambda _, drawn, codes, __: retire(drawn.choice(codes)),
    "shared replace": lambda _, drawn, __, tokens: replace(drawn.choice(tokens)),
    "shared issue": lambda town, drawn, codes, _: issue(town, drawn.sample(codes, 2)),
    "shared freeze": lambda _, drawn, codes, __: partial(_freeze, drawn.choice(codes)),
    "shared unfreeze": lambda _, drawn, codes, __: partial(_unfreeze, drawn.choice(codes)),
}
"""Commands over records that all writers share."""
