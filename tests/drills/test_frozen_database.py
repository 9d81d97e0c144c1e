"""A database that is frozen, not dead: everybody is answered in seconds, and it goes on by itself.

About a minute.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from migrations import run
from service.cluster.local_postgres import Cluster, cluster_status, drop_cluster, ensure_cluster
from service.core.database import Database
from service.core.homes import test_home
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates

pytestmark = pytest.mark.drill

ANSWER_S, FROZEN_S = 6.0, 20.0


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    home = test_home() / f"{os.getpid()}-frozen"
    made = ensure_cluster(home)
    run.upgrade(made.owner_url())
    yield made
    for process in processes_of(made):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    drop_cluster(home)


@pytest.fixture
def served(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[httpx2.Client, str]]:
    database = Database(cluster.app_url())
    with database.session() as session:
        (token,) = make_plates(session, 1, status="in_use")
    database.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"MENPAI_HOME": str(cluster.home), "MENPAI_PUBLIC_URL": PUBLIC_URL}
    with (
        (tmp_path / "serve.log").open("wb") as log,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--no-worker", "--port", str(port)],
            env=os.environ | environment | {"MENPAI_ENV": "demo"},
            stderr=log,
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with suppress(httpx2.TransportError):
                if client.get("/readyz").status_code == 200:
                    break
            time.sleep(0.2)
        yield client, token
        process.terminate()
        process.wait(60)


def processes_of(cluster: Cluster) -> list[int]:
    """The postmaster and all that it has started."""
    postmaster = cluster_status(cluster.home).pid
    if postmaster is None:
        return []
    found = [postmaster]
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == postmaster:
                found.append(int(folder.name))
    return found


def ask(client: httpx2.Client, method: str, path: str) -> tuple[str, int, float]:
    began = time.monotonic()
    answer = client.request(
        method, path, data={"name": "x", "password": "y"} if method == "POST" else None
    )
    if answer.status_code == 503:
        assert answer.headers["retry-after"], path
    return path, answer.status_code, time.monotonic() - began


def test_whoever_asks_is_answered_and_it_goes_on_by_itself(
    cluster: Cluster, served: tuple[httpx2.Client, str]
) -> None:
    client, token = served
    pages = ["/healthz", "/readyz", "/heritage", "/admin/batches", f"/{token}", "/0000000000"]
    pages += ["/api/v1/divisions", "/a/3301020000000000", "/"]
    assert client.get(f"/{token}").status_code == 200
    frozen = processes_of(cluster)
    for process in frozen:
        os.kill(process, signal.SIGSTOP)
    try:
        ends, found = time.monotonic() + FROZEN_S, list[tuple[str, int, float]]()
        with ThreadPoolExecutor(len(pages) * 3) as threads:
            while time.monotonic() < ends:
                asked = [threads.submit(ask, client, "GET", page) for page in pages * 3]
                asked += [threads.submit(ask, client, "POST", "/admin/sign-in")]
                found += [one.result() for one in asked]
    finally:
        for process in frozen:
            os.kill(process, signal.SIGCONT)
    slow = [one for one in found if one[2] > ANSWER_S]
    assert slow == []
    assert {status for _, status, _ in found} <= {200, 303, 404, 429, 503}
    assert {status for path, status, _ in found if path == "/healthz"} == {200}
    assert {status for path, status, _ in found if path == "/readyz"} == {503}
    deadline = time.monotonic() + 30
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline, "it does not come back"
        time.sleep(0.5)
    for page in ("/heritage", f"/{token}", "/api/v1/divisions"):
        assert client.get(page).status_code == 200
