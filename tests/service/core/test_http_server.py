"""An answer leaves in one write; streams, closed connections and pipelined requests stay whole."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from service.core.asgi import Receive, ResponseHead, Scope, Send, send_whole
from service.core.http_server import MOST_HELD, GatheringTransport
from tests.browser.serving import serve
from tests.event_loop import run_apart

BLOCK = b"0123456789abcdef" * 1024


async def _small(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"answer to {request.url.path}")


async def _stream(_: Request) -> StreamingResponse:
    async def blocks() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield BLOCK

    return StreamingResponse(blocks())


APP = Starlette(routes=[Route("/stream", _stream), Route("/{name}", _small)])


class _Recorder:
    """A transport that notes what is written, and whether it was closed."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.written.append(data)

    def close(self) -> None:
        self.is_closed = True

    def get_extra_info(self, name: str) -> str:
        return name


@pytest.fixture
def recorder() -> _Recorder:
    return _Recorder()


def _gathering(recorder: _Recorder) -> GatheringTransport:
    return GatheringTransport(cast("asyncio.Transport", recorder), asyncio.get_running_loop())


def test_one_turn_is_one_write(recorder: _Recorder) -> None:
    async def write() -> None:
        transport = _gathering(recorder)
        transport.write(b"head")
        transport.write(b"body")
        assert recorder.written == []
        await asyncio.sleep(0)
        assert recorder.written == [b"headbody"]
        transport.write(b"next")
        await asyncio.sleep(0)
        assert recorder.written == [b"headbody", b"next"]
        assert transport.get_extra_info("peername") == "peername"

    run_apart(write())


def test_closing_sends_what_is_held_first(recorder: _Recorder) -> None:
    async def close() -> None:
        transport = _gathering(recorder)
        transport.write(b"last words")
        transport.close()
        await asyncio.sleep(0)

    run_apart(close())
    assert (recorder.written, recorder.is_closed) == ([b"last words"], True)


def test_no_more_is_held_than_a_block(recorder: _Recorder) -> None:
    async def write() -> None:
        transport = _gathering(recorder)
        for _ in range(1000):  # without a turn of the loop between
            transport.write(BLOCK)
        assert sum(map(len, recorder.written)) >= 1000 * len(BLOCK) - MOST_HELD
        await asyncio.sleep(0)

    run_apart(write())
    assert b"".join(recorder.written) == BLOCK * 1000


def _talk(url: str, request: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65_536):
            received += part
        return received


def test_pipelined_requests_and_a_close_are_answered_in_order() -> None:
    with serve(APP) as url:
        got = _talk(
            url,
            b"GET /one HTTP/1.1\r\nHost: x\r\n\r\n"
            b"GET /two HTTP/1.1\r\nHost: x\r\n\r\n"
            b"GET /three HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
    assert [line for line in got.splitlines() if b"answer to" in line] == [
        b"answer to /oneHTTP/1.1 200 OK",
        b"answer to /twoHTTP/1.1 200 OK",
        b"answer to /three",
    ]


def test_a_long_stream_comes_whole() -> None:
    with serve(APP) as url:
        got = _talk(url, b"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    body = got.split(b"\r\n\r\n", 1)[1]
    assert body.count(BLOCK) == 200
    assert body.endswith(b"0\r\n\r\n")


def test_what_is_no_http_is_refused_and_the_server_goes_on() -> None:
    with serve(APP) as url:
        assert _talk(url, b"\x00\x01nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 ")
        assert b"answer to /one" in _talk(
            url, b"GET /one HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )


async def _whole(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        body = (b"answer to ", scope["path"].encode())
        length = (b"content-length", b"%d" % sum(map(len, body)))
        await send_whole(scope, send, 200, ResponseHead.of([(b"x-kept", b"1"), length]), body)


@pytest.mark.parametrize(
    "last", [b"GET /c HTTP/1.1\r\nHost: x\r\nConnection: close", b"GET /c HTTP/1.0"]
)
def test_whole_responses_come_in_order_however_they_are_asked_for(last: bytes) -> None:
    """One at a time they go in one write; pipelined, and before a close, the ordinary way."""
    asked = [b"GET /a HTTP/1.1\r\nHost: x", b"HEAD /b HTTP/1.1\r\nHost: x", last]
    with serve(_whole) as url:
        piped = _talk(url, b"\r\n\r\n".join([*asked, b""]))
        with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), 5) as connection:
            single = b""
            for one in asked:
                connection.sendall(one + b"\r\n\r\n")
                single += connection.recv(65_536)
    dates = re.compile(rb"date: [^\r]+\r\n")
    assert dates.sub(b"", piped) == dates.sub(b"", single)
    assert len(dates.findall(single)) == len(asked)
    bodies = re.findall(
        rb"content-length: (\d+)\r\n(?:connection: close\r\n)?\r\n(answer to /\w)?", single
    )
    assert bodies == [(b"12", b"answer to /a"), (b"12", b""), (b"12", b"answer to /c")]
    assert single.count(b"x-kept: 1\r\n") == len(asked)
