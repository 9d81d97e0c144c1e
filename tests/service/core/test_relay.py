import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from service.core import relay
from service.core.asgi import ASGIApp, Receive, Scope, Send
from service.core.error_boundary import NUMBER
from service.core.errors import ServerBusy
from service.core.relay import Relay, RelayedServer
from tests.event_loop import run_apart

SCOPE: Scope = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "scheme": "https",
    "path": "/河坊街",
    "raw_path": b"/%E6%B2%B3",
    "query_string": b"a=1",
    "root_path": "",
    "headers": [(b"host", b"x")],
    "client": ("192.0.2.7", 50000),
    "server": ("127.0.0.1", 8000),
    "app": object(),
    NUMBER: "0123456789abcdef",
}


class Caller:
    """Asks a relay, and keeps what it is answered."""

    def __init__(self, body: bytes | None = None) -> None:
        self.body = body
        self.is_asked = False
        self.said: list[Scope] = []
        self.has_left = asyncio.Event()

    async def ask(self, through: Relay) -> None:
        headers = list(SCOPE["headers"])
        if self.body is not None:
            headers.append((b"content-length", b"%d" % len(self.body)))
        await through({**SCOPE, "headers": headers}, self.receive, self.send)

    async def receive(self) -> Scope:
        if not self.is_asked:
            self.is_asked = True
            return {"type": "http.request", "body": self.body or b"", "more_body": False}
        await self.has_left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Scope) -> None:
        self.said.append(message)

    @property
    def content(self) -> bytes:
        return b"".join(one["body"] for one in self.said[1:])


def run(app: ASGIApp, path: Path, work: Callable[[Relay, RelayedServer], Awaitable[None]]) -> None:
    """Do something with a relay to an application."""

    async def inside() -> None:
        server = RelayedServer(app)
        async with await asyncio.start_unix_server(server.answer, path / "s"):
            await work(Relay(path / "s"), server)
        await asyncio.sleep(0.01)  # the loop closes what was left

    run_apart(inside())


async def begin(send: Send, status: int = 200) -> None:
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def say(send: Send, body: bytes, *, more: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


def test_the_far_end_is_asked_what_the_near_end_was_asked(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(dict(scope))
        message = await receive()
        await begin(send, 201)
        await say(send, message["body"])

    async def work(through: Relay, _: RelayedServer) -> None:
        caller = Caller(b"\x00body" * 100_000)
        await caller.ask(through)
        assert caller.said[0]["status"] == 201
        assert caller.said[0]["headers"] == [(b"content-type", b"text/plain")]
        assert caller.content == b"\x00body" * 100_000

    run(app, tmp_path, work)
    told = {key: value for key, value in SCOPE.items() if key not in ("app", "headers")}
    assert told.items() <= seen[0].items()
    assert "app" not in seen[0]


def test_many_are_answered_at_once_and_each_its_own(tmp_path: Path) -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        await asyncio.sleep(0.01)
        await begin(send)
        for _turn in range(3):
            await say(send, body, more=True)
        await say(send, b"")

    async def work(through: Relay, _: RelayedServer) -> None:
        callers = [Caller(b"%d" % number) for number in range(50)]
        await asyncio.gather(*(one.ask(through) for one in callers))
        assert [one.content for one in callers] == [b"%d" % n * 3 for n in range(50)]

    run(app, tmp_path, work)


def test_a_stream_ends_when_its_caller_has_left(tmp_path: Path) -> None:
    ended: list[str] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await begin(send)
        leaving = asyncio.ensure_future(receive())
        while not leaving.done():
            await say(send, b"x", more=True)
            await asyncio.sleep(0.01)
        ended.append(leaving.result()["type"])

    async def work(through: Relay, server: RelayedServer) -> None:
        caller = Caller()
        asking = asyncio.ensure_future(caller.ask(through))
        async with asyncio.timeout(10):
            while len(caller.said) < 5:
                await asyncio.sleep(0.01)
        assert not asking.done()
        caller.has_left.set()
        await asking
        await server.finish(5)

    run(app, tmp_path, work)
    assert ended == ["http.disconnect"]


def test_an_application_that_fell_is_said_to_be_busy(tmp_path: Path) -> None:
    async def app(_: Scope, __: Receive, ___: Send) -> None:
        raise ConnectionResetError

    async def work(through: Relay, _: RelayedServer) -> None:
        with pytest.raises(ServerBusy):
            await Caller().ask(through)

    run(app, tmp_path, work)


def test_half_an_answer_is_told_from_a_whole_one(tmp_path: Path) -> None:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        await begin(send)
        await say(send, b"half", more=True)
        raise ConnectionResetError

    async def work(through: Relay, _: RelayedServer) -> None:
        with pytest.raises(ConnectionError):
            await Caller().ask(through)

    run(app, tmp_path, work)


def test_one_waits_for_a_process_that_is_being_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "START_S", 0.1)

    async def app(_: Scope, __: Receive, send: Send) -> None:
        await begin(send)
        await say(send, b"here")

    async def inside() -> None:
        path = tmp_path / "late"
        with pytest.raises(ServerBusy):
            await Caller().ask(Relay(path))
        assert not await Relay(path).is_up(0.1)
        monkeypatch.setattr(relay, "START_S", 10.0)
        caller = Caller()
        asking = asyncio.ensure_future(caller.ask(Relay(path)))
        await asyncio.sleep(0.1)
        async with await asyncio.start_unix_server(RelayedServer(app).answer, path):
            await asking
            assert await Relay(path).is_up(0.1)
            await asyncio.sleep(0.01)
        assert caller.content == b"here"

    run_apart(inside())
