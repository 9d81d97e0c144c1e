"""Eight processes issue codes while one of them is killed again and again."""

import itertools
import multiprocessing
import os
import random
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import text

from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories import Place, make_draft, make_elements, make_place

WRITERS = 8
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["service.addresses.commands", "service.core.database", "tests.factories"]
)


def write_for_ever(url: str, township: int, out: Path, serial: int, size: int) -> None:
    """Issue codes and acknowledge them, on disk, after each commit.

    Each writes a street: at one street they would wait for each other alone.
    """
    place = Place({"330102001000": township})
    street = f"第{'一二三四五六七八'[serial % WRITERS]}大街"
    database = Database(url, pool_size=1)
    with out.open("a") as acknowledged:
        for number in itertools.count(step=size):
            drafts = [
                make_draft(
                    place,
                    county=f"33010{2 + k % 2}",
                    elements=make_elements(f"{serial}x{number + k}", thoroughfare=street),
                )
                for k in range(size)
            ]
            with database.session() as session:
                codes = enter_addresses(session, drafts, COMMAND_LINE)
            acknowledged.write("".join(f"{code}\n" for code in codes))
            acknowledged.flush()
            os.fsync(acknowledged.fileno())


def start(url: str, township: int, folder: Path, serial: int, size: int) -> ForkServerProcess:
    out = folder / f"{serial}.txt"
    writer = PROCESSES.Process(target=write_for_ever, args=(url, township, out, serial, size))
    writer.start()
    return writer


def size_of(folder: Path, serial: int) -> int:
    return (folder / f"{serial}.txt").stat().st_size


def acknowledged_codes(folder: Path) -> list[str]:
    lines = "".join(file.read_text() for file in folder.glob("*.txt")).split("\n")
    return [line for line in lines if len(line) == 16]


def issue_under_fire(database: TestDatabase, folder: Path, goal: int, size: int) -> None:
    ours = Database(database.app_url)
    with ours.session() as session:
        township = make_place(session).township_id
    chance = random.Random(5)
    running = {n: start(database.app_url, township, folder, n, size) for n in range(WRITERS)}
    serial, kills, deadline = WRITERS, 0, time.monotonic() + 600
    try:
        while len(acknowledged_codes(folder)) < goal or kills < 3:
            assert time.monotonic() < deadline
            time.sleep(1)
            assert [n for n in running if running[n].exitcode is not None] == [], "died unkilled"
            # A writer is killed at work: one that still starts up has nothing to lose.
            working = [n for n in running if (folder / f"{n}.txt").exists() and size_of(folder, n)]
            if not working:
                continue
            victim = chance.choice(working)
            killed = running.pop(victim)
            killed.kill()
            killed.join()
            kills += 1
            running[serial] = start(database.app_url, township, folder, serial, size)
            serial += 1
    finally:
        for process in running.values():
            process.kill()
            process.join()
    acknowledged = acknowledged_codes(folder)
    with ours.snapshot() as session:  # the server may still commit for a writer that was killed
        stored = list(session.execute(text("select code from address")).scalars())
        named = session.scalar(text("select count(*) from address_name"))
        streets = session.scalar(text("select count(*) from place_name"))
        positions = session.execute(
            text("select count(*), min(position), max(position) from change")
        ).one()
        counters = session.scalar(text("select sum(counter) from code_space"))
    ours.dispose()
    assert len(acknowledged) >= goal
    assert len(acknowledged) == len(set(acknowledged))
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored)) == named == counters
    noted = len(stored) + streets
    assert streets == 2 * WRITERS  # each in both counties
    assert positions == (noted, 1, noted)


def test_20_000_codes_none_twice_and_none_lost(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    issue_under_fire(fresh_database, tmp_path, goal=20_000, size=100)


@pytest.mark.drill
def test_a_million_codes_none_twice_and_none_lost(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    issue_under_fire(fresh_database, tmp_path, goal=1_000_000, size=2000)
