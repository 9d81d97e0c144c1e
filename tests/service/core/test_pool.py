import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.core.errors import ServerBusy
from service.core.pool import Pool
from tests.processes import is_alive, wait_until_gone


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(patience_s=30, queue_s=10)
    yield made
    made.close()


def test_work_is_done_in_another_process(pool: Pool) -> None:
    assert pool.compute(os.getpid) != os.getpid()


def test_workers_step_back_behind_the_process_that_answers_scans(pool: Pool) -> None:
    assert pool.compute(os.nice, 0) >= 10


def test_what_the_work_raises_is_raised_here(pool: Pool) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        pool.compute(int, "x")


def test_a_killed_worker_is_replaced(pool: Pool) -> None:
    worker = pool.compute(os.getpid)
    os.kill(worker, signal.SIGKILL)
    assert pool.compute(os.getpid) not in (worker, os.getpid())


def test_a_closed_pool_starts_again(pool: Pool) -> None:
    pool.close()
    assert pool.compute(abs, -1) == 1


def test_what_takes_too_long_is_killed_and_the_next_is_computed() -> None:
    pool = Pool(patience_s=30)
    worker = pool.compute(os.getpid)
    pool.patience_s = 0.3
    with pytest.raises(ServerBusy):
        pool.compute(time.sleep, 60)
    assert not is_alive(worker)
    pool.patience_s = 30
    assert pool.compute(abs, -2) == 2
    pool.close()


def test_of_one_caller_one_is_computed_and_others_wait_for_their_turn(pool: Pool) -> None:
    pool.compute(abs, -1)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.compute_for, "one", time.sleep, 0.8)
        time.sleep(0.2)
        with pytest.raises(ServerBusy):
            pool.compute_for("one", abs, -1)
        assert pool.compute_for("other", abs, -1) == 1
        first.result()
    assert pool.compute_for("one", abs, -3) == 3


def test_who_would_wait_too_long_is_told_so_at_once() -> None:
    pool = Pool(patience_s=30, most_waiting=1, queue_s=10)
    pool.compute(abs, -1)
    with ThreadPoolExecutor(4) as threads:
        started = time.monotonic()
        asked = [threads.submit(pool.compute, time.sleep, 1) for _ in range(4)]
        refused = [isinstance(one.exception(), ServerBusy) for one in asked]
        assert time.monotonic() - started < 30
    assert sum(refused) == 2
    pool.close()


BESIDE = """
import os, sys, time
from service.core.pool import Pool
if __name__ == "__main__":
    print(Pool(30).compute(os.getpid), flush=True)
    time.sleep(60)
"""


def test_nothing_outlives_a_killed_server(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(BESIDE)
    server = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    assert is_alive(worker)
    server.kill()
    server.wait()
    server.stdout.close()
    assert wait_until_gone(worker)
