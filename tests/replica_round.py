"""One round: writers write, a replica follows and is killed now and then, in the end they agree."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from service.audit.queries import verify_chain
from service.changes.queries import get_last_position
from service.core.database import Database, Session
from service.integrity.queries import find_counter_fault, find_double_plates, find_place_fault
from service.plates.queries.locked_plates import find_unsettled_plate
from tests.broken_register import find_broken
from tests.replica import Replica, read_registers
from tests.town import Town
from tests.writers import Tally, Writers

CATCHES_UP_S = 120


LONGEST_WAIT = "60s"
"""Whoever waits longer for a lock waits in a ring that the database does not see."""


def play(url: str, folder: Path, *, writers: int, seconds: float, kills: int) -> Tally:
    """Write and follow, kill the follower so often, and compare row by row when all is quiet."""
    file = folder / "replica"
    limit = f"{'&' if '?' in url else '?'}options=-clock_timeout%3D{LONGEST_WAIT}"
    database = Database(url + limit, pool_size=2 * writers + 4)

    def kill_now_and_then() -> None:
        for _ in range(kills):
            with following(url, file):
                time.sleep(seconds / (kills + 1))

    tally = Writers(Town.make(database), folder).run(writers, seconds, kill_now_and_then)
    with database.snapshot() as session:
        last, register = get_last_position(session), read_registers(session)
        broken = [*find_broken(session), *list_faults(session)]
    assert not broken, broken
    with following(url, file):
        until_reached(file, last)
    with closing(Replica(file)) as replica:
        assert replica.position == last
        held = replica.contents()
    database.dispose()
    other = {record for record in {*held, *register} if held.get(record) != register.get(record)}
    assert not other, f"{len(other)} records differ: {sorted(other)[:10]}"
    return tally


def list_faults(session: Session) -> Iterator[str]:
    """What ``menpai check`` would say of the register."""
    if not verify_chain(session).is_whole:
        yield "the audit chain is broken"
    looks = (find_counter_fault, find_place_fault, find_double_plates, find_unsettled_plate)
    yield from filter(None, (look(session) for look in looks))


@contextmanager
def following(url: str, file: Path) -> Iterator[None]:
    """A replica in a process of its own, killed when the block ends."""
    process = subprocess.Popen([sys.executable, "-m", "tests.replica", url, str(file)])
    try:
        yield
        assert process.poll() is None, "the replica died by itself"
    finally:
        process.kill()
        process.wait()


def until_reached(file: Path, position: int) -> None:
    """Until the replica has come to a position."""
    deadline = time.monotonic() + CATCHES_UP_S
    while time.monotonic() < deadline:
        with closing(Replica(file)) as replica:
            if replica.position == position:
                return
        time.sleep(0.1)
    raise AssertionError("the replica does not catch up")
