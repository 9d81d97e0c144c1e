"""Full disks under PostgreSQL and under files: refused in seconds, nothing half, back by itself.

About four minutes; file systems are mounted, which root alone may.
"""

import base64
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from PIL import Image
from sqlalchemy import text

from migrations import run
from service.audit.heads import path_for
from service.audit.queries import verify_chain
from service.auth.permissions import Permission, Role
from service.auth.session_tokens import SessionToken
from service.cli.options import find_audit_keys
from service.cluster.local_postgres import Cluster, ensure_cluster, stop_cluster
from service.core.database import Database
from service.core.homes import test_home as home_of_tests
from service.core.settings import Settings
from tests.command_line import menpai
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates
from tests.factories.programs import make_program
from tests.factories.staff import COOKIES, make_account, open_session
from tests.servers import running_server
from tests.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.drill

ANSWER_S, BACK_S, FULL_S = 6.0, 60.0, 15.0
INNER = ("No space", "Errno", "could not", "base/", "pg_wal", "/var/", "psycopg", "sql")
"""What is nobody's business who asks over HTTP."""


@dataclass
class Asked:
    """One answer: who asked, what, its status, and how long it took."""

    path: str
    status: int
    seconds: float
    body: str = ""


@dataclass
class Desk:
    """A served register, a program that writes, a member of staff who looks."""

    client: httpx2.Client
    tokens: list[str]
    key: str
    officer: SessionToken
    found: list[Asked] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def cookie(self) -> dict[str, str]:
        """What the browser of the member of staff sends."""
        pairs = (f"{name}={self.officer.secret}" for name in COOKIES)
        return {"Cookie": "; ".join(pairs), "Accept": "text/html"}

    def ask(self, method: str, path: str, **asked: Any) -> int:
        """Ask, and keep what came."""
        began = time.monotonic()
        answer = self.client.request(method, path, **asked)
        seconds, status = time.monotonic() - began, answer.status_code
        body = answer.text if status >= 500 else ""
        self.found.append(Asked(path, status, seconds, body))
        if status == 503:
            assert answer.headers["retry-after"], path
        return status

    def look(self) -> None:
        """Read a page of each kind."""
        for path in (f"/{self.tokens[0]}", "/", "/healthz", "/heritage", "/0000000000"):
            self.ask("GET", path)
        self.ask("GET", "/admin/batches", headers=self.cookie)
        self.ask("GET", "/api/v1/divisions", headers={"X-API-Key": self.key})

    def report(self, number: int = 0, **more: str) -> int:
        """Report a plate well, with a note that takes room."""
        name = f"event-{next(self.numbers)}"
        self.sent.add(name)
        event = {"id": name, "kind": "well", "note": os.urandom(200).hex(), **more}
        path = f"/api/v1/plates/{self.tokens[number]}/events"
        status = self.ask("POST", path, json=event, headers={"X-API-Key": self.key})
        if status == 201:
            self.acknowledged.add(name)
        return status

    def require_good_answers(self) -> None:
        """Everybody was answered in time, and told nothing of the inside."""
        assert [one for one in self.found if one.seconds > ANSWER_S] == []
        statuses = {one.status for one in self.found}
        assert statuses <= {200, 201, 404, 429, 503}, [o for o in self.found if o.status == 500]
        assert {one.status for one in self.found if one.path == "/healthz"} <= {200}
        told = {one.body for one in self.found if one.body}
        assert [(word, body) for word in INNER for body in told if word in body] == []


@contextmanager
def served(database: Database, log: Path, url: str = "", **environment: str) -> Iterator[Desk]:
    """Serve a register that is filled here; without ``url`` that of its private cluster."""
    with database.session() as session:
        tokens = make_plates(session, 4, status="in_use")
        needed = (Permission.INSPECTIONS_WRITE, Permission.PLATES_INSTALL)
        key = str(make_program(session, "crew", needed))
    make_account(database, "officer", (Role.OFFICER, ""), (Role.CREW, ""))
    session_of_officer = open_session(database, "officer")
    database.dispose()
    with (
        log.open("wb") as written,
        running_server(url, log=written, MENPAI_ENV="demo", **environment) as server,
    ):
        yield Desk(server.client, tokens, key, session_of_officer)


def keep_at_it(desk: Desk, seconds: float) -> None:
    """Four who write and two who look, all at once, for so long."""
    ends = time.monotonic() + seconds

    def write(number: int) -> None:
        while time.monotonic() < ends:
            desk.report(number)

    def look() -> None:
        while time.monotonic() < ends:
            desk.look()
            time.sleep(0.2)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    threads += [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)


def use_up_the_log(cluster: Cluster) -> None:
    """Write into PostgreSQL's log until there is no room for its next file, and it panics."""
    with suppress(psycopg.OperationalError), cluster.connect_as_superuser() as superuser:
        while True:
            superuser.execute(
                "select pg_logical_emit_message(false, 'drill', repeat('x', 1000000))"
            )


def wait_until_written(desk: Desk) -> float:
    """Seconds until a report is taken again."""
    began = time.monotonic()
    while time.monotonic() < began + BACK_S:
        with suppress(httpx2.TransportError):
            if desk.report() == 201:
                return time.monotonic() - began
        time.sleep(0.5)
    raise AssertionError("it does not come back")


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk(home_of_tests() / f"{os.getpid()}-full", 220) as made:
        yield made


@pytest.fixture
def cluster(disk: SmallDisk) -> Iterator[Cluster]:
    made = ensure_cluster(disk.path)
    run.upgrade(made.owner_url())
    yield made
    disk.free()
    stop_cluster(disk.path)


def test_a_full_disk_under_the_whole_home(disk: SmallDisk, cluster: Cluster) -> None:
    home, log = {"MENPAI_HOME": str(disk.path)}, disk.path / "serve.log"
    with served(Database(cluster.app_url()), log, **home) as desk:
        assert desk.report() == 201
        desk.found.clear()
        disk.fill()
        keep_at_it(desk, FULL_S)
        use_up_the_log(cluster)
        keep_at_it(desk, FULL_S)
        assert desk.report() == 503
        refused = menpai("plates", "confirm", desk.tokens[0], home=str(disk.path))
        assert (refused.code, refused.out) == (3, "")
        assert refused.err.startswith("menpai: ")
        assert "所在的磁盘已满" in refused.err
        assert "办法：" in refused.err
        assert "Traceback" not in refused.err
        disk.free()
        assert wait_until_written(desk) <= BACK_S
        desk.look()
        desk.require_good_answers()
    assert "Traceback" not in log.read_text("utf-8", "replace")
    require_whole(cluster, desk)


def require_whole(cluster: Cluster, desk: Desk) -> None:
    """What was acknowledged stands; nothing stands that was not sent; the audit chain is whole."""
    keys = find_audit_keys(Settings(home=cluster.home, database_url=None))
    database = Database(cluster.app_url(), audit_keys=keys)
    with database.reading() as session:
        kept = set(session.scalars(text("select id from plate_event where kind = 'well'")))
        verdict = verify_chain(session, keys, path_for(cluster.home))
        assert verdict.is_whole, verdict
        unnoted = "select count(*) from plate_event e where kind = 'well' and not exists"
        unnoted += " (select 1 from audit_entry a where a.subject = e.token)"
        assert session.scalar(text(unnoted)) == 0
    database.dispose()
    assert desk.acknowledged - kept == set()
    assert kept - desk.sent == set()


def photo(number: int) -> str:
    """A picture that no other is equal to, and that packs badly."""
    out = BytesIO()
    noise = Image.frombytes("RGB", (640, 480), os.urandom(640 * 480 * 3))
    noise.save(out, "JPEG", quality=60 + number)
    return base64.b64encode(out.getvalue()).decode()


def test_a_full_disk_under_files_and_what_is_temporary(fresh_database: Any, tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "serve.log"
    database = Database(fresh_database.app_url)
    with small_disk(home_of_tests() / f"{os.getpid()}-files", 4) as disk:
        store = disk.path / "files"
        places = {"MENPAI_FILES_URL": str(store), "TMPDIR": str(disk.path)}
        environment = places | {"MENPAI_HOME": str(home), "MENPAI_PUBLIC_URL": PUBLIC_URL}
        with served(database, log, fresh_database.app_url, **environment) as desk:
            assert desk.report(photo=photo(1)) == 201
            desk.found.clear()
            before = {file for file in store.rglob("*") if file.is_file()}
            disk.fill()
            for number in range(2, 6):
                assert desk.report(photo=photo(number)) == 503
            assert "/problems/files-full" in desk.found[-1].body
            form = {"form_token": desk.officer.form_token, "scanned": desk.tokens[0]}
            taken = {"photo": ("a.jpg", base64.b64decode(photo(6)), "image/jpeg")}
            assert desk.ask("POST", "/crew", data=form, files=taken, headers=desk.cookie) == 503
            assert "存放文件的磁盘已满" in desk.found[-1].body
            desk.look()
            assert desk.report() == 201  # what needs no file is done
            assert {file for file in store.rglob("*") if file.is_file()} == before
            disk.free()
            assert desk.report(photo=photo(7)) == 201
            desk.require_good_answers()
    with database.reading() as session:
        kept = set(session.scalars(text("select id from plate_event where kind = 'well'")))
    database.dispose()
    assert kept == desk.acknowledged
