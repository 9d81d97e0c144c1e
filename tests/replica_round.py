"""One round: writers write, a replica follows and is killed now and then, in the end they agree."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from service.changes.queries import get_last_position
from service.core.database import Database
from tests.broken_register import find_broken
from tests.replica import Replica, read_registers
from tests.town import Town
from tests.writers import Tally, Writers

CATCHES_UP_S = 120


def play(url: str, file: Path, *, writers: int, seconds: float, kills: int) -> Tally:
    """Write and follow, kill the follower so often, and compare row by row when all is quiet."""
    database = Database(url, pool_size=writers + 4)

    def kill_now_and_then() -> None:
        for _ in range(kills):
            with following(url, file):
                time.sleep(seconds / (kills + 1))

    tally = Writers(Town.make(database)).run(writers, seconds, kill_now_and_then)
    with database.snapshot() as session:
        last, register = get_last_position(session), read_registers(session)
        assert find_broken(session) == []
    with following(url, file):
        until_reached(file, last)
    with closing(Replica(file)) as replica:
        assert replica.position == last
        held = replica.contents()
    database.dispose()
    other = {record for record in {*held, *register} if held.get(record) != register.get(record)}
    assert not other, f"{len(other)} records differ: {sorted(other)[:10]}"
    return tally


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
