"""Everybody at once: staff, visitors, cards, batches, slow senders, and 500 scans a second.

The town lives: every plate was scanned before, as in ``benchmarks.scans``. The crowd's own
programs run on this machine and leave the processor to the server, as they would elsewhere.
About three minutes.
"""

import asyncio
import json
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import httpx2
import pytest

from benchmarks.databases import bench_database
from benchmarks.filling import scan_all
from benchmarks.http_load import Server, serving
from benchmarks.registers import Register, make_register
from benchmarks.rivals import DATABASE_VARIABLE
from benchmarks.steady_load import read_load, start_load
from service.auth.permissions import Role
from service.core.settings import Settings
from service.scans.site import site_of
from tests.event_loop import run_apart
from tests.factories.hosts import PUBLIC_URL
from tests.factories.programs import make_program
from tests.factories.staff import COOKIES, FORM, make_account

pytestmark = pytest.mark.drill

PLATES, RATE, SECONDS = 20_000, 500, 60.0
STAFF, VISITORS, CARDS, SLOW = 200, 100, 100, 200
BATCH_ROWS, TEXT_LENGTH = 10_000, 200
RETRY_AFTER = re.compile(r"(?im)^retry-after: *(\d+)")
P99_MS, REFUSED_S, HEALTH_S, MEMORY_MB = 50.0, 2.0, 0.1, 150.0


@dataclass
class Town:
    """A served register, with a key and an officer's cookies."""

    server: Server
    register: Register
    keys: list[str]
    cookies: dict[str, str]


@dataclass
class Answers:
    """What a crowd was answered: statuses by who asked, and how long refusals took."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    slowest_refusal_s: dict[str, float] = field(default_factory=dict)

    def note(self, who: str, status: int, wait: str, seconds: float) -> None:
        """Note one answer; ``wait`` is what it says of coming again."""
        self.statuses.setdefault(who, Counter())[status] += 1
        if status in (429, 503):
            assert wait, who
            self.slowest_refusal_s[who] = max(seconds, self.slowest_refusal_s.get(who, 0.0))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with bench_database() as database:
        register = make_register(database, PLATES, tmp_path_factory.mktemp("town"))
        scan_all(database, register, site_of(Settings(env="demo")))
        with database.session() as session:
            keys = [str(make_program(session, name)) for name in ("one", "two")]
        password = make_account(database, "officer", (Role.OFFICER, ""))
        environment = {
            DATABASE_VARIABLE: database.url,
            "MENPAI_PUBLIC_URL": PUBLIC_URL,
            "MENPAI_ENV": "demo",
            "MENPAI_CARD_LIMIT": "1000000",  # all callers have one address
        }
        with serving(("service", "serve", "--no-worker"), environment=environment) as server:
            yield Town(server, register, keys, sign_in(server, password))


def sign_in(server: Server, password: str) -> dict[str, str]:
    with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
        found = FORM.search(client.get("/admin/sign-in").text)
        form = {"name": "officer", "password": password}
        form |= {"form_token": found[1]} if found else {}
        assert client.post("/admin/sign-in", data=form).status_code == 303
        return {name: value for name, value in client.cookies.items() if name in COOKIES}


async def keep_asking(town: Town, answers: Answers, who: str, count: int, path: str) -> None:
    """So many callers, each of whom asks again when it has been answered, until the time is up."""
    ends = time.monotonic() + SECONDS
    tokens = town.register.tokens.read_text().split()
    cookies = "; ".join(f"{name}={value}" for name, value in town.cookies.items())
    cookie = f"Cookie: {cookies}\r\n" if who == "staff" else ""

    async def ask(number: int) -> None:
        target = path.format(token=tokens[number])
        while time.monotonic() < ends:
            began = time.monotonic()
            status, wait = await get(town.server.port, target, cookie)
            answers.note(who, status, wait, time.monotonic() - began)
            await asyncio.sleep(float(wait or 1))

    await asyncio.gather(*(ask(number) for number in range(count)))


async def get(port: int, target: str, cookie: str) -> tuple[int, str]:
    """Ask on a connection of its own; returns the status and ``Retry-After``.

    Written by hand: of a client library four hundred callers would take half a processor.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n{cookie}"
    writer.write(f"{head}Connection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    wait = RETRY_AFTER.search(head)
    return int(head.split(" ", 2)[1]), wait[1] if wait else ""


async def keep_resolving(town: Town, answers: Answers, key: str) -> None:
    """One department with long lists, one behind the other; a wait begins when a list is sent."""
    ends = time.monotonic() + SECONDS
    text = "浙江省杭州市上城区清波街道示例1路" + "附近的很长的说明" * (TEXT_LENGTH // 8)
    body = json.dumps({"texts": [f"{text}{n}号"[:TEXT_LENGTH] for n in range(BATCH_ROWS)]}).encode()
    headers = {"x-api-key": key, "content-type": "application/json"}
    headers["content-length"] = str(len(body))
    sent = 0.0

    async def send() -> AsyncIterator[bytes]:
        nonlocal sent
        yield body
        sent = time.monotonic()

    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{town.server.port}", timeout=180, headers=headers
    ) as client:
        while time.monotonic() < ends:
            answer = await client.post("/api/v1/resolve/batch", content=send())
            wait = answer.headers.get("retry-after", "")
            answers.note("batches", answer.status_code, wait, time.monotonic() - sent)
            await asyncio.sleep(float(wait or 0))


def use_once(town: Town) -> None:
    """Ask for one of everything, so that every process that is started when it is needed runs."""
    token = town.register.tokens.read_text().split()[0]
    with httpx2.Client(base_url=f"http://127.0.0.1:{town.server.port}", timeout=60) as client:
        for path in (f"/{token}", "/heritage", f"/card/{token}.pdf"):
            assert client.get(path).status_code == 200, path
        key = {"X-API-Key": town.keys[0]}
        batch = client.post(
            "/api/v1/resolve/batch", json={"texts": ["示例1路1号"] * 500}, headers=key
        )
        assert batch.status_code == 200, batch.text


def send_slowly(port: int, ended: threading.Event) -> list[socket.socket]:
    """Open connections that never end their heads or bodies."""
    opened = []
    for number in range(SLOW):
        connection = socket.create_connection(("127.0.0.1", port), 10)
        half = b"GET /heritage HTTP/1.1\r\nHost: x\r\nX: "
        if number % 2:
            half = b"POST /admin/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nname="
        connection.sendall(half)
        opened.append(connection)
    assert not ended.is_set()
    return opened


def watch_health(port: int, ended: threading.Event, slowest: list[float]) -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        while not ended.wait(0.2):
            began = time.monotonic()
            assert client.get("/healthz").status_code == 200
            slowest.append(time.monotonic() - began)


def test_everybody_at_once(town: Town) -> None:
    answers, ended, health = Answers(), threading.Event(), list[float]()
    port = town.server.port
    use_once(town)
    before = town.server.memory_mb
    watcher = threading.Thread(target=watch_health, args=(port, ended, health))
    watcher.start()
    slow = send_slowly(port, ended)
    load = start_load(port, town.register.tokens, RATE, SECONDS)

    async def crowd() -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
        await asyncio.gather(
            keep_asking(town, answers, "staff", STAFF, "/admin/batches"),
            keep_asking(town, answers, "visitors", VISITORS, "/heritage"),
            keep_asking(town, answers, "cards", CARDS, "/card/{token}.pdf"),
            *(keep_resolving(town, answers, key) for key in town.keys),
        )

    try:
        run_apart(crowd())
        figures = read_load(load)
    finally:
        ended.set()
        watcher.join(30)
        for connection in slow:
            connection.close()
    grown = town.server.memory_mb - before
    health.sort()
    told = (
        f"{answers.statuses}; slowest refusals {answers.slowest_refusal_s}; scans {figures}; "
        f"health {health[-1]:.3f} s at most; memory +{grown:.0f} MB"
    )
    for who, found in answers.statuses.items():
        assert set(found) <= {200, 429, 503}, (who, told)
        assert found[200] > 0, (who, told)
    assert max(answers.slowest_refusal_s.values(), default=0.0) <= REFUSED_S, told
    assert figures["errors"] == 0, told
    assert figures["p99"] <= P99_MS, told
    assert grown <= MEMORY_MB, told
    assert health[len(health) * 99 // 100] <= HEALTH_S, told
