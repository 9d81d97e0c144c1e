"""Nothing of what anybody sends or is shown stands in a log: of the server, or of PostgreSQL."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from sqlalchemy import create_engine, text

from migrations import run
from service.auth.permissions import Role
from service.cluster.local_postgres import Cluster, drop_cluster, ensure_cluster
from service.core.database import Database
from service.core.homes import test_home as home_of_tests
from tests.factories.office import COUNTIES, Office, make_office
from tests.factories.programs import make_program
from tests.factories.staff import COOKIES, FORM, make_account, open_session
from tests.servers import running_server
from tests.service.admin.test_crew import EVENT

TYPED = {
    "search": "暗香浮动月黄昏",
    "address": "浙江省杭州市上城区疏影横斜路7719号2幢305室",
    "phone": "13987654321",
    "password": "Sweep-Passw0rd-7719",
    "name": "sweepsurname",
    "note": "家中只有老人7719",
    "agent": "SweepAgent/77.19",
    "path": "sweep-path-7719",
    "forwarded": "203.0.113.219",
    "wrong_key": "mp_sweepsweepsweep7719",
    "wrong_cookie": "sweepcookie7719",
    "idempotency": "sweep-idempotency-7719",
}
"""What somebody types or sends; a server that logs any of it is found out."""


@dataclass
class Swept:
    """A served office and all that stands in logs when it has ended."""

    office: Office
    cluster: Cluster
    client: httpx2.Client
    key: str
    cookie: str
    form_token: str
    answers: list[httpx2.Response] = field(default_factory=list)

    def ask(self, method: str, path: str, **asked: Any) -> httpx2.Response:
        """Ask as whoever the headers say, and keep the answer."""
        headers = {"User-Agent": TYPED["agent"], "X-Forwarded-For": TYPED["forwarded"]}
        asked["headers"] = headers | asked.get("headers", {})
        self.answers.append(self.client.request(method, path, **asked))
        return self.answers[-1]

    def as_staff(self, method: str, path: str, **form: str) -> httpx2.Response:
        """Ask as the member of staff."""
        cookies = "; ".join(f"{name}={self.cookie}" for name in COOKIES)
        data = {"form_token": self.form_token, **form} if method == "POST" else None
        return self.ask(method, path, data=data, headers={"Cookie": cookies, "Accept": "text/html"})

    def as_program(self, method: str, path: str, **asked: Any) -> httpx2.Response:
        """Ask as the program of a department."""
        return self.ask(method, path, headers={"X-API-Key": self.key}, **asked)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL, whose log is ours alone."""
    home = home_of_tests() / f"{os.getpid()}-sweep"
    made = ensure_cluster(home, durable=False)
    run.upgrade(made.owner_url())
    yield made
    drop_cluster(home)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def served(cluster: Cluster, log: Path) -> Iterator[Swept]:
    database = Database(cluster.app_url())
    office = make_office(database)
    with database.session() as session:
        key = str(make_program(session))
    make_account(database, TYPED["name"], (Role.CREW, COUNTIES["own"]))
    shown = open_session(database, TYPED["name"])
    database.dispose()
    with (
        log.open("wb") as written,
        running_server(cluster.app_url(), log=written, MENPAI_ENV="demo") as server,
    ):
        yield Swept(office, cluster, server.client, key, shown.secret, shown.form_token)


def ask_everything(swept: Swept) -> None:
    """Requests of every kind, each with something that no log may have."""
    token, code = swept.office.plates["own"], swept.office.codes["own"]
    search, address, path = quote(TYPED["search"]), quote(TYPED["address"]), TYPED["path"]
    for asked in (
        *(f"/{token}", f"/{token}?v=elder&x={path}", f"/{token.lower()}", "/7Z7Z7Z7Z7Z"),
        *(f"/card/{token}.pdf", f"/a/{code}", f"/a/{path}", f"/{path}", f"/{path}/{search}"),
        *(f"/?q={address}", f"/?q={token}", f"/heritage?q={search}", f"/heritage/{path}"),
        *(f"/api/v1/resolve?q={address}", f"/api/v1/autocomplete?q={search}&division={path}"),
        *("/" + "x" * 9000 + path, f"/static/{path}.css", f"/problems/{path}", f"/docs?{path}"),
    ):
        swept.ask("GET", asked)
    swept.ask("PUT", f"/{path}", content=TYPED["phone"])
    bearer = {"Authorization": f"Bearer {TYPED['wrong_key']}"}
    swept.ask("GET", f"/api/v1/addresses/{code}", headers=bearer)
    swept.ask("GET", "/admin", headers={"Cookie": f"menpai_session={TYPED['wrong_cookie']}"})
    for method, asked, body in (
        ("GET", f"/api/v1/addresses/{code}", None),
        ("GET", f"/api/v1/addresses?division=330102&x={path}", None),
        ("GET", f"/api/v1/plates/{token}", None),
        ("GET", f"/api/v1/reverse?lon=120.16&lat=30.24&radius={path}", None),
        ("POST", "/api/v1/parse", {"text": TYPED["address"]}),
        ("POST", "/api/v1/resolve", {"text": TYPED["address"]}),
        ("POST", "/api/v1/resolve", {"text": TYPED["address"] + "\0"}),
        ("POST", "/api/v1/resolve/batch", {"texts": [TYPED["address"]] * 3}),
        ("POST", "/api/v1/batches", {"name": TYPED["search"], "division": "330102"}),
        ("POST", f"/api/v1/plates/{token}/events", {"kind": "well", "note": TYPED["note"]}),
        ("POST", f"/api/v1/plates/{token}/events", {"kind": TYPED["phone"], "lon": 1e999}),
    ):
        swept.as_program(method, asked, **({"content": json.dumps(body)} if body else {}))
    swept.as_program("POST", "/api/v1/parse", content=b'{"text": "' + TYPED["phone"].encode())
    sign_in(swept)
    for asked in ("/admin", "/admin/password", "/crew", f"/crew/{token}", f"/crew/{path}"):
        swept.as_staff("GET", asked)
    visit(swept, note=TYPED["note"] + TYPED["phone"])
    swept.as_staff("POST", "/admin/password", old=TYPED["password"], new="x", again="y")
    send_garbage(swept)


def sign_in(swept: Swept) -> httpx2.Response:
    page = swept.ask("GET", "/admin/sign-in", headers={"Accept": "text/html"})
    found = FORM.search(page.text)
    form = {"name": TYPED["name"], "password": TYPED["password"]}
    form |= {"form_token": found[1]} if found else {}
    return swept.ask("POST", "/admin/sign-in", data=form)


def visit(swept: Swept, note: str) -> httpx2.Response:
    path = f"/crew/{swept.office.plates['own']}"
    event_id = EVENT.search(swept.as_staff("GET", path).text)
    assert event_id
    return swept.as_staff("POST", path, event_id=event_id[1], what="well", seen="1", note=note)


def send_garbage(swept: Swept) -> None:
    """What is no HTTP, and a body that breaks off."""
    port = swept.client.base_url.port
    assert port
    for sent in (f"{TYPED['path']}\r\n\r\n", f"GET /{TYPED['path']} HTTP/9\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(sent.encode())
            line.recv(4096)
    with socket.create_connection(("127.0.0.1", port)) as line:
        head = f"POST /{TYPED['path']} HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n"
        line.sendall(head.encode() + TYPED["password"].encode())


def ask_a_broken_database(swept: Swept) -> tuple[httpx2.Response, ...]:
    """Requests that the database refuses, each in another way; the errors quote what was sent."""
    owner = create_engine(swept.cluster.owner_url())
    with owner.begin() as connection:
        connection.execute(text("alter table heritage_entry rename to heritage_gone"))
        connection.execute(
            text("alter table plate_event add constraint bare check (note = '') not valid")
        )
    refused = visit(swept, note=TYPED["note"])
    lost = swept.ask("GET", f"/heritage?q={quote(TYPED['search'])}")
    with owner.begin() as connection:
        connection.execute(text("lock table staff_account in access exclusive mode"))
        late = sign_in(swept)
    owner.dispose()
    return refused, lost, late


def test_no_log_has_what_anybody_sent_or_was_shown(cluster: Cluster, tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    with served(cluster, log) as swept:
        ask_everything(swept)
        refused, lost, late = ask_a_broken_database(swept)
    assert {answer.status_code for answer in swept.answers[:-4]} >= {200, 303, 401, 404, 405, 422}
    assert (refused.status_code, lost.status_code, late.status_code) == (500, 500, 503)
    token, code = swept.office.plates["own"], swept.office.codes["own"]
    secrets = TYPED | {"token": token, "code": code, "key": swept.key}
    secrets |= {"cookie": swept.cookie, "form token": swept.form_token}
    lines = log.read_text("utf-8").splitlines()
    of_database = "".join(
        file.read_text("utf-8", "replace") for file in (cluster.home / "cluster" / "log").iterdir()
    )
    assert "violates check constraint" in of_database
    for name, logged in (("server", "\n".join(lines)), ("PostgreSQL", of_database)):
        for what, secret in secrets.items():
            for written in {secret, secret.lower(), quote(secret)}:
                assert written not in logged, (name, what, find_line(logged, written))
    notes = [json.loads(line) for line in lines if not line.startswith("serving on ")]
    told = {(note.get("request"), note.get("route")) for note in notes}
    assert (refused.headers["x-request-id"], "/crew/{text}") in told
    assert (lost.headers["x-request-id"], "/heritage") in told
    assert late.headers["x-request-id"]


def find_line(logged: str, written: str) -> str:
    return next(line for line in logged.splitlines() if written in line)
