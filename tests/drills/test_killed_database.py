"""The private PostgreSQL is killed five times under load: it is back by itself, nothing is lost.

About three minutes.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from migrations import run
from service.audit.heads import path_for
from service.audit.queries import verify_chain
from service.auth.permissions import Permission
from service.cli.options import find_audit_keys
from service.cluster.local_postgres import (
    Cluster,
    cluster_status,
    drop_cluster,
    ensure_cluster,
)
from service.core.database import Database
from service.core.homes import test_home
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates
from tests.factories.programs import make_program

pytestmark = pytest.mark.drill

KILLS, WRITERS, BACK_S = 5, 4, 30.0


@dataclass
class Load:
    """Writers that report plates found well, and what was acknowledged to them, with when."""

    client: httpx2.Client
    tokens: list[str]
    acknowledged: dict[str, float] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=count)

    def write(self, token: str) -> None:
        """Report until told to stop; what is not acknowledged is sent again with its id."""
        while not self.ended.is_set():
            event = {"kind": "well", "id": f"well-{next(self.numbers)}"}
            while event["id"] not in self.acknowledged and not self.ended.is_set():
                with suppress(httpx2.TransportError):
                    path = f"/api/v1/plates/{token}/events"
                    if self.client.post(path, json=event).status_code == 201:
                        self.acknowledged[event["id"]] = time.monotonic()

    def wait_for_writes(self, since: float, at_least: int) -> float:
        """Until so many were acknowledged since a moment; when the first was."""
        deadline = time.monotonic() + 4 * BACK_S
        while time.monotonic() < deadline:
            later = sorted(at for at in list(self.acknowledged.values()) if at > since)
            if len(later) >= at_least:
                return later[0]
            time.sleep(0.1)
        raise AssertionError("no write is acknowledged any more")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    home = test_home() / f"{os.getpid()}-killed"
    made = ensure_cluster(home)
    run.upgrade(made.owner_url())
    yield made
    drop_cluster(home)


@pytest.fixture
def served(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[httpx2.Client, list[str]]]:
    database = Database(cluster.app_url())
    with database.session() as session:
        tokens = make_plates(session, WRITERS, status="in_use")
        key = make_program(session, "crew", {Permission.INSPECTIONS_WRITE})
    database.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"MENPAI_HOME": str(cluster.home), "MENPAI_PUBLIC_URL": PUBLIC_URL}
    headers = {"Authorization": f"Bearer {key}"}
    with (
        (tmp_path / "serve.log").open("wb") as log,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, headers=headers) as client,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--port", str(port)],
            env=os.environ | environment,
            stderr=log,
        )
        yield client, tokens
        process.terminate()
        process.wait(60)


def test_killed_five_times_under_load_it_is_back_and_nothing_acknowledged_is_lost(
    cluster: Cluster, served: tuple[httpx2.Client, list[str]]
) -> None:
    load = Load(*served)
    writers = [threading.Thread(target=load.write, args=(token,)) for token in load.tokens]
    for writer in writers:
        writer.start()
    try:
        load.wait_for_writes(0.0, 20)
        away = []
        for _ in range(KILLS):
            pid = cluster_status(cluster.home).pid
            assert pid is not None
            killed = time.monotonic()
            os.kill(pid, signal.SIGKILL)
            away.append(load.wait_for_writes(killed + 0.5, 20) - killed)
    finally:
        load.ended.set()
        for writer in writers:
            writer.join(60)
    assert max(away) <= BACK_S, [round(seconds, 1) for seconds in away]
    keys = find_audit_keys(Settings(home=cluster.home, database_url=None))
    database = Database(cluster.app_url(), audit_keys=keys)
    with database.reading() as session:
        kept = set(session.scalars(text("select id from plate_event where kind = 'well'")))
        assert verify_chain(session, keys, path_for(cluster.home)).is_whole
    database.dispose()
    assert set(load.acknowledged) - kept == set()
