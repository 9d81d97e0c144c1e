"""What passes the border, and what is answered before anything is held for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from service.core.admission import Kind
from service.core.asgi import Receive, Scope, Send
from service.core.border import Border, Passage
from service.core.error_boundary import ErrorBoundary
from service.core.errors import BodyTooSlow, MenpaiError, status_of
from tests.event_loop import run_apart

KIND = Kind("test", 2, queue_s=0.05)
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def refuse(error: MenpaiError, _: Scope, __: Receive, send: Send) -> None:
    await say(send, int(status_of(error)), error.detail.encode())


async def say(send: Send, status: int, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def echo(_: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await say(send, 200, message["body"])


class Call:
    """One request and what was answered."""

    def __init__(
        self, *pieces: bytes, headers: list[tuple[bytes, bytes]] | None = None, path: str = "/"
    ) -> None:
        self.scope: Scope = {
            "type": "http",
            "method": "POST" if pieces else "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers if headers is not None else self._length(pieces),
        }
        self.pieces = list(pieces)
        self.said: list[Scope] = []

    @staticmethod
    def _length(pieces: tuple[bytes, ...]) -> list[tuple[bytes, bytes]]:
        return [(b"content-length", b"%d" % sum(map(len, pieces)))] if pieces else []

    async def receive(self) -> Scope:
        if not self.pieces:
            return {"type": "http.disconnect"}
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: Scope) -> None:
        self.said.append(message)

    @property
    def status(self) -> int:
        return int(self.said[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.said[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(one.get("body", b"") for one in self.said[1:])


def make_border(app: Any, *, known: bool = True, **passage: Any) -> ErrorBoundary:
    async def is_known(_: Scope) -> bool:
        return known

    return ErrorBoundary(Border(app, lambda _: Passage(KIND, **passage), is_known), refuse)


def pass_one(border: ErrorBoundary, call: Call) -> Call:
    run_apart(border(call.scope, call.receive, call.send))
    return call


def test_a_body_is_read_whole_and_given_on_once() -> None:
    call = pass_one(make_border(echo), Call(b"one ", b"two"))
    assert (call.status, call.body) == (200, b"one two")
    assert len(call.headers[b"x-request-id"]) == 16


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_larger_than_its_route_takes_is_not_kept(chunked: bool) -> None:
    headers = [(b"transfer-encoding", b"chunked")] if chunked else None
    call = Call(b"x" * 60, b"y" * 60, b"z" * 60, headers=headers)
    pass_one(make_border(echo, most_bytes=100), call)
    assert (call.status, call.headers[b"connection"]) == (413, b"close")
    assert len(call.pieces) == (1 if chunked else 3)


def test_whoever_is_not_known_sends_nothing() -> None:
    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["body"] == b""
        assert not [name for name, _ in scope["headers"] if name.startswith(b"content-")]
        await say(send, 401, b"who are you?")

    headers = [(b"transfer-encoding", b"chunked"), (b"content-type", b"multipart/form-data")]
    call = Call(b"x" * 1000, b"y", headers=headers)
    pass_one(make_border(guarded, known=False, needs_credentials=True), call)
    assert (call.status, call.headers[b"connection"]) == (401, b"close")
    assert len(call.pieces) == 2


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.core.body_reader.PIECE_SECONDS", 0.05)
    call = Call(b"never")

    async def wait() -> Scope:
        await asyncio.sleep(5)
        raise AssertionError

    run_apart(make_border(echo)(call.scope, wait, call.send))
    assert call.status == status_of(BodyTooSlow("")) == 408


def test_a_long_target_and_a_long_head_are_named() -> None:
    assert pass_one(make_border(echo), Call(path="/" + "长" * 3000)).status == 414
    headers = [(b"cookie", b"x" * 30_000)]
    assert pass_one(make_border(echo), Call(headers=headers)).status == 431


def test_beyond_its_places_a_kind_is_asked_to_come_again() -> None:
    inside = 0

    async def slow(_: Scope, __: Receive, send: Send) -> None:
        nonlocal inside
        inside += 1
        assert inside <= KIND.inside
        await asyncio.sleep(0.2)
        inside -= 1
        await say(send, 200, b"")

    async def rush() -> list[Call]:
        border, calls = make_border(slow), [Call() for _ in range(10)]
        await asyncio.gather(*(border(one.scope, one.receive, one.send) for one in calls))
        return calls

    statuses = [call.status for call in run_apart(rush())]
    assert sorted(statuses) == [200] * KIND.inside + [503] * 8


def test_an_answer_that_does_not_begin_is_not_waited_for_but_keeps_its_place() -> None:
    ended = asyncio.Event()

    async def stuck(_: Scope, __: Receive, send: Send) -> None:
        await ended.wait()
        await say(send, 200, b"too late")

    async def rush() -> list[int]:
        border = make_border(stuck, patience_s=0.05)
        calls = [Call() for _ in range(3)]
        for one in calls[:2]:
            await border(one.scope, one.receive, one.send)
        await border(calls[2].scope, calls[2].receive, calls[2].send)
        assert calls[2].body == b"nothing was done"
        ended.set()
        await asyncio.sleep(0.05)
        again = Call()
        await border(again.scope, again.receive, again.send)
        assert (again.status, again.body) == (200, b"too late")
        assert all(call.body != b"too late" for call in calls)
        return [call.status for call in calls]

    assert run_apart(rush()) == [503, 503, 503]


def test_what_the_application_lets_fall_is_answered_without_its_words() -> None:
    async def falls(_: Scope, __: Receive, ___: Send) -> None:
        raise ValueError("13800000000 typed this")

    call = pass_one(make_border(falls), Call())
    assert (call.status, call.body) == (500, b"It was noted.")


def test_half_an_answer_ends_the_connection() -> None:
    async def breaks(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        pass_one(make_border(breaks), Call())


def test_nobody_is_answered_who_has_left() -> None:
    call = Call(headers=[(b"content-length", b"10")])
    assert pass_one(make_border(echo), call).said == []
