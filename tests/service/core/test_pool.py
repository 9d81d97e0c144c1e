import os
import signal
from collections.abc import Iterator

import pytest

from service.core.pool import Pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(1)
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
