"""A real server of several processes: who is killed comes back, and nothing outlives it."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.factories.office import Office, opened_office
from tests.servers import RunningServer, running_server

BACK_S = 90.0
"""On a busy machine a process needs some seconds to start."""

PAGES = "service pages"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


@pytest.fixture(scope="module")
def server(office: Office) -> Iterator[RunningServer]:
    url = office.database.url
    with running_server(url, "--workers", "2", MENPAI_ENV="demo") as running:
        yield running


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BACK_S
    while not is_so():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.1)


def status_of(server: RunningServer, path: str) -> int:
    return int(server.client.get(path, headers={"connection": "close"}).status_code)


def test_scans_pages_and_health_are_answered(server: RunningServer, office: Office) -> None:
    wait_until(lambda: len(server.find_processes(PAGES)) == 2)
    for path in (f"/{office.plates['own']}", "/heritage", "/admin/sign-in", "/healthz", "/readyz"):
        wait_until(lambda: status_of(server, path) == 200)  # noqa: B023 - waited for
    assert status_of(server, "/api/v1/changes") == 401


def test_scans_go_on_while_pages_come_back(server: RunningServer, office: Office) -> None:
    wait_until(lambda: len(server.find_processes(PAGES)) == 2)
    killed = server.find_processes(PAGES)
    for process in killed:
        os.kill(process, signal.SIGKILL)
    assert status_of(server, f"/{office.plates['own']}") == 200
    assert status_of(server, "/heritage") in (200, 503)
    wait_until(lambda: status_of(server, "/heritage") == 200)
    assert not set(killed) & set(server.find_processes(PAGES))


def test_one_that_is_killed_is_started_again(server: RunningServer, office: Office) -> None:
    wait_until(lambda: len(server.find_processes(PAGES)) == 2)
    first = [one for one in server.find_processes("spawn_main") if one != server.process.pid]
    os.kill(first[0], signal.SIGKILL)
    wait_until(lambda: len(server.find_processes(PAGES)) == 2)
    wait_until(lambda: first[0] not in server.find_processes())
    for _ in range(10):
        assert status_of(server, f"/{office.plates['own']}") == 200


@pytest.mark.parametrize("workers", ["1", "2"])
def test_nothing_outlives_a_server_that_is_killed(office: Office, workers: str) -> None:
    with running_server(office.database.url, "--workers", workers, MENPAI_ENV="demo") as running:
        wait_until(lambda: len(running.find_processes(PAGES)) == int(workers))
        started = running.find_processes()
        running.process.kill()
        running.process.wait()
        wait_until(lambda: not any(lives(one) for one in started))


def lives(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
