"""One round: writers write, ``menpai replicate`` follows into databases and is killed now and then.

In the end each copy holds what the service gives out, row by row, and its digests say the same.
"""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes.commands import Subject
from service.changes.queries import get_last_position
from service.changes.registers import REGISTERS
from service.core.database import Database
from service.replication.commands.replica_database import ReplicaDatabase
from service.replication.commands.replication import Replication
from service.replication.register_server import RegisterServer
from service.replication.row_digest import text_of
from tests.command_pairs import PAIRS
from tests.dropping_proxy import DroppingProxy, dropping
from tests.factories.programs import make_program
from tests.servers import serving
from tests.town import Town
from tests.writer_steps import STEPS
from tests.writers import Tally, Writers

DROPPED = 0.01
"""The share of changes that get lost on their way."""


AT_ONCE = 50
LYING = (
    Subject.DIVISION,
    Subject.UNIT,
    Subject.AREA,
    Subject.PLACE_NAME,
    Subject.ADDRESS,
    Subject.WORK_ITEM,
    Subject.SERVICE_ITEM,
    Subject.DATASET,
)
"""Records with a division of their own; others lie where their address, area or place does."""


@dataclass
class FollowerRound:
    """What a round has shown: what the writers did, and what each copy held in the end."""

    tally: Tally
    changes: int = 0
    dropped: int = 0
    gaps: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def play(
    url: str,
    folder: Path,
    copies: Sequence[tuple[str, str]],
    *,
    writers: int,
    seconds: float,
    kills: int,
    doors: int = 0,
    drop: float = DROPPED,
    draws: Collection[str] = (*PAIRS, *STEPS),
) -> FollowerRound:
    """Write and follow; ``copies`` are databases of replicas and the division of each.

    Beside the writers ``doors`` are entered, so that there are as many changes at least; ``draws``
    are the commands that writers give.
    """
    database = Database(url, pool_size=2 * writers + 4)
    with database.session() as session:
        key = str(make_program(session, "follower"))
    town = Town.make(database)
    with serving(url) as client, dropping(str(client.base_url), drop) as proxy:

        def kill_now_and_then() -> None:
            for _ in range(kills):
                ends, entered = time.monotonic() + seconds / (kills + 1), 0
                with following(proxy, key, copies):
                    while time.monotonic() < ends or entered < (doors + kills - 1) // kills:
                        if entered < doors / kills:
                            entered += len(town.enter(AT_ONCE))
                        else:
                            time.sleep(0.1)

        catch_up(proxy, key, copies)
        writing = Writers(town, folder, draws)
        found = FollowerRound(writing.run(writers, seconds, kill_now_and_then))
        catch_up(proxy, key, copies)
        for into, division in copies:
            compare(proxy.url, key, into, division, found)
        found.dropped = len(proxy.dropped)
    with database.reading() as session:
        found.changes = get_last_position(session)
        assert list_told_elsewhere(session) == []
    database.dispose()
    return found


def list_told_elsewhere(session: Session) -> list[str]:
    """Records whose newest change does not name the division that they lie in now."""
    found = []
    for subject in LYING:
        register = REGISTERS[subject]
        rows = session.execute(
            text(
                "select r.key, told.division from "  # noqa: S608 - our own constants
                f"(select {register.own.key} as key, coalesce({register.division}, '') as lies_in "
                f"from {register.own.table} r where {register.present}) r cross join lateral "
                "(select c.division from change c where c.subject = :subject and c.key = r.key "
                "order by c.position desc limit 1) told where told.division <> r.lies_in"
            ),
            {"subject": subject},
        )
        found += [f"{subject} {row.key} told in {row.division}" for row in rows]
    return found


def compare(url: str, key: str, into: str, division: str, found: FollowerRound) -> None:
    """The copy holds what the service gives out, row by row, and nothing differs by digests."""
    with (
        closing(RegisterServer(url, key, division, 60)) as server,
        closing(ReplicaDatabase(into)) as replica,
    ):
        replication = Replication(server, replica)
        for register in replication.registers:
            columns = register.columns
            theirs = sorted(text_of(columns, row) for row in server.read_rows(register).rows)
            ours = sorted(text_of(columns, row) for row in replica.rows_of(register))
            assert ours == theirs, f"{register.name}: {sorted({*ours} ^ {*theirs})[:4]}"
            found.rows[f"{into} {register.name}"] = len(ours)
        assert replication.verify() == []
        (addresses,) = (one for one in replication.registers if one.name == "addresses")
        lost, changed, *_ = sorted(str(row[0]) for row in replica.rows_of(addresses))
        with replica.transaction():
            replica.delete(addresses, "code", [lost])
            replica.ask("update addresses set standard_text = 'x' where code = ?", [changed])
        assert {one.key for one in replication.verify()} == {lost, changed}
        assert replication.verify() == []
        found.gaps[into] = replica.count_gaps()


def catch_up(proxy: DroppingProxy, key: str, copies: Sequence[tuple[str, str]]) -> None:
    """``menpai replicate --once`` into all of them at the same time."""
    processes = [
        subprocess.Popen(
            command(proxy.url, into, division, "--once"),
            env=environment(key),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for into, division in copies
    ]
    for one in processes:
        _, said = one.communicate()
        assert one.returncode == 0, said


@contextmanager
def following(proxy: DroppingProxy, key: str, copies: Sequence[tuple[str, str]]) -> Iterator[None]:
    """``menpai replicate`` in processes of their own, killed when the block ends."""
    processes = [
        subprocess.Popen(command(proxy.url, into, division), env=environment(key))
        for into, division in copies
    ]
    try:
        yield
        assert [one.poll() for one in processes] == [None] * len(processes), "one died by itself"
    finally:
        for one in processes:
            one.kill()
            one.wait()


def command(url: str, into: str, division: str, *more: str) -> list[str]:
    asked = [sys.executable, "-m", "service", "replicate", url, "--into", into, *more]
    return [*asked, "--division", division] if division else asked


def environment(key: str) -> dict[str, str]:
    return {**os.environ, "MENPAI_API_KEY": key}
