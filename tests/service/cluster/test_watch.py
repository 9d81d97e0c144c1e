"""A private cluster that was killed is started again by whoever runs beside it."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from service.cluster.local_postgres import Cluster, cluster_status, ensure_cluster, stop_cluster
from service.cluster.watch import watched_cluster
from service.core.settings import Settings

LONGEST_S = 30.0


@pytest.fixture
def cluster(home: Path) -> Cluster:
    return ensure_cluster(home, durable=False)


def until(ready: Callable[[], bool], *, seconds: float = LONGEST_S) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill(home: Path) -> int:
    """Kill the server; its number, for comparison."""
    pid = cluster_status(home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not cluster_status(home).running or cluster_status(home).pid != pid)
    return pid


def answers(cluster: Cluster) -> bool:
    try:
        cluster.connect_as_superuser().close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_killed_server_is_back_by_itself_with_one_watcher_or_several(cluster: Cluster) -> None:
    settings = Settings(home=cluster.home)
    for watchers in (1, 3):
        with ExitStack() as stack:
            for _ in range(watchers):
                stack.enter_context(watched_cluster(settings))
            killed = kill(cluster.home)
            until(lambda: answers(cluster))
            status = cluster_status(cluster.home)
            assert status.running
            assert status.pid != killed
            time.sleep(2)
            assert cluster_status(cluster.home).pid == status.pid


def test_a_server_that_was_stopped_stays_so_until_somebody_asks_for_it(cluster: Cluster) -> None:
    with watched_cluster(Settings(home=cluster.home)):
        assert stop_cluster(cluster.home)
        time.sleep(3)
        assert not cluster_status(cluster.home).running
        ensure_cluster(cluster.home, durable=False)
        kill(cluster.home)
        until(lambda: answers(cluster))
        kill(cluster.home)
        stop_cluster(cluster.home)  # whether it was back already or not


def test_a_database_that_is_named_is_not_ours_to_start(cluster: Cluster) -> None:
    url = cluster.app_url()
    with watched_cluster(Settings(home=cluster.home, database_url=url)):
        kill(cluster.home)
        time.sleep(3)
        assert not cluster_status(cluster.home).running
