"""Configures uvicorn: limits on request heads and connections, and one write per response.

uvicorn writes the head and the body of a response separately: two system calls and two packets.
Here everything written in one iteration of the event loop is sent together, and a response that an
application has whole (``asgi.send_whole``) at once, its head as it was encoded before.
"""

import asyncio
from collections.abc import Sequence
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.core.asgi import WHOLE_RESPONSE, Scope
from service.core.problems import problem_of_status

MOST_HELD = 65_536
"""How many bytes are buffered at most before they are sent."""

MOST_HEAD_BYTES = 32_768
"""The limit for request line and headers; browsers with many cookies send a quarter of it."""

HEAD_SECONDS = 10.0
"""How long a request head may take, from the connection or its first byte, in seconds."""

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection is kept: longer than proxies do (60 s), which would otherwise send
requests into a connection that is being closed."""

LAST_ANSWERS_SECONDS = 20
"""How long running requests may take at shutdown, in seconds."""

MOST_CONNECTIONS = 4_000
"""Open connections per process; a proxy in front keeps far fewer."""


class GatheringTransport:
    """A transport that combines all writes of one iteration of the event loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        """Delegate everything except writing and closing."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Buffer the data until the end of this iteration of the loop."""
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST_HELD:
            self.flush()

    def write_now(self, data: bytes) -> None:
        """Send the buffer and the data now."""
        if self._held:
            self.write(data)
            self.flush()
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send the buffer now."""
        held, self._held, self._size = self._held, [], 0
        if held:
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))

    def close(self) -> None:
        """Send the buffer, then close."""
        self.flush()
        self._transport.close()


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol with buffered writes and limits that uvicorn lacks.

    A request head must be complete within ``HEAD_SECONDS`` and ``MOST_HEAD_BYTES`` (RFC 6585
    section 5: 431); malformed HTTP is answered with a problem document.
    """

    _is_in_head = False
    _head_size = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Accept a connection, unless there are too many."""
        super().connection_made(cast("asyncio.Transport", GatheringTransport(transport, self.loop)))
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections are open", busy=True)
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer of a closed connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Receive data; an incomplete head is limited in size and time."""
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():
            self._head_size += len(data)
            if self._head_size > MOST_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is too long")
            elif self._head_timer is None:
                self._await_head()

    def on_message_begin(self) -> None:
        """Begin a request head."""
        super().on_message_begin()
        self.scope["extensions"] = {WHOLE_RESPONSE: {"write": self._write_whole}}
        self._is_in_head, self._head_size = True, 0

    def on_headers_complete(self) -> None:
        """Handle a request whose head is complete."""
        self._is_in_head = False
        if self._head_timer is not None:
            self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse malformed HTTP; ``msg`` is uvicorn's."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _write_whole(self, scope: Scope, status: int, head: bytes, body: Sequence[bytes]) -> bool:
        """Send a response at once, as uvicorn's cycle does in two steps.

        False, and nothing is sent, unless it is the answer to the only request in hand, on a
        connection that stays open and takes data.
        """
        cycle = self.cycle
        if (
            cycle.scope is not scope
            or cycle.response_started
            or cycle.disconnected
            or not cycle.keep_alive
            or self.pipeline
            or self.flow.write_paused
            or scope["method"] == "HEAD"
        ):
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        standing = b"".join([b"%s: %s\r\n" % one for one in cycle.default_headers])
        transport = cast("GatheringTransport", self.transport)
        transport.write_now(b"".join((STATUS_LINE[status], standing, head, b"\r\n", *body)))
        cycle.message_event.set()
        cycle.on_response()
        return True

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._end_of_patience)

    def _stop_waiting(self) -> None:
        timer, self._head_timer = self._head_timer, None
        if timer is not None:
            timer.cancel()

    def _end_of_patience(self) -> None:
        if self._is_in_head:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the head did not come in time")
        elif not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, status: HTTPStatus, detail: str, *, busy: bool = False) -> None:
        self._stop_waiting()
        retry = b"retry-after: 1\r\n" if busy else b""
        body = problem_of_status(status, detail).body
        head = (
            b"%sdate: %s\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n"
            b"%sconnection: close\r\n\r\n"
        )
        now = formatdate(usegmt=True).encode()
        self.transport.write(head % (STATUS_LINE[status], now, len(body), retry) + bytes(body))
        self.transport.close()


def configure(app: Any, host: str, port: int) -> uvicorn.Config:
    """The uvicorn configuration of an application, without an access log."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        log_config=None,  # logs through ours, like every library
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
    )
