import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.runs import queries
from service.runs.commands import ChunkOrder, start_run
from tests.command_line import ROOT, menpai
from tests.database import TestDatabase
from tests.factories.runs import KIND

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def database(fresh_database: TestDatabase) -> Iterator[Database]:
    made = Database(fresh_database.app_url)
    yield made
    made.dispose()


@pytest.fixture
def start_worker(fresh_database: TestDatabase) -> Iterator[Start]:
    """Starts worker processes; those still running are stopped at the end."""
    command = [sys.executable, "-m", "tests.service.runs.worker_process", fresh_database.app_url]
    with ExitStack() as stack:

        def start() -> "subprocess.Popen[bytes]":
            process = subprocess.Popen(command, cwd=ROOT)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            return process

        yield start


def wait_for(question: Callable[[], bool], seconds: float = 120) -> float:
    started = time.monotonic()
    while not question():
        assert time.monotonic() - started < seconds
        time.sleep(0.05)
    return time.monotonic() - started


def state(database: Database, run_id: int) -> tuple[str, int]:
    with database.reading() as session:
        run = queries.get_run(session, run_id)
    return run.state, run.done


def test_workers_wake_share_a_run_and_one_that_is_killed_is_made_good(
    database: Database, start_worker: Start
) -> None:
    killed, left = start_worker(), start_worker()
    orders = [ChunkOrder(parameters={"sleep": 0.3}) for _ in range(12)]
    with database.session() as session:
        run_id = start_run(session, KIND, orders, COMMAND_LINE)
    wait_for(lambda: state(database, run_id)[1] >= 3)
    killed.send_signal(signal.SIGKILL)
    wait_for(lambda: state(database, run_id) == ("done", 12))
    with database.reading() as session:
        by_worker = session.execute(text("select reason, count(*) from row_error group by 1")).all()
    counts = {int(pid): count for pid, count in by_worker}
    assert sum(counts.values()) == 12
    assert counts.keys() == {killed.pid, left.pid}


def test_a_restarted_worker_goes_on_by_itself_and_stops_between_chunks(
    database: Database, start_worker: Start
) -> None:
    orders = [ChunkOrder(parameters={"sleep": 0.2}) for _ in range(12)]
    with database.session() as session:
        run_id = start_run(session, KIND, orders, COMMAND_LINE)
    first = start_worker()
    wait_for(lambda: state(database, run_id)[1] >= 2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = state(database, run_id)[1]
    second = start_worker()
    wait_for(lambda: state(database, run_id)[1] > before)  # from here on it hears the signal
    wait_for(lambda: state(database, run_id)[0] == "done")
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0


def test_runs_are_listed_and_steered_from_the_command_line(
    fresh_database: TestDatabase, database: Database
) -> None:
    with database.session() as session:
        run_id = start_run(session, KIND, [ChunkOrder(size=7)], COMMAND_LINE)
    (run,) = menpai("runs", "list", "--json", database=fresh_database).json["runs"]
    assert (run["id"], run["state"], run["total"]) == (run_id, "queued", 7)
    refused = menpai("runs", "show", "99", database=fresh_database)
    assert refused.code == 2
    assert "no run has the number 99" in refused.err
