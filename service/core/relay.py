"""Forwards requests to an application in another process: ASGI messages over a Unix socket.

Rendering a page holds the GIL for tens of milliseconds, which would delay the event loop of the
process that answers scans. One connection carries one request: a frame with scope and body, then
the frames of the response. Both ends are processes of this server, and only they can enter the
socket's folder, so frames are pickled.
"""

import asyncio
import pickle
import struct
from pathlib import Path
from typing import Any

from service.core.admission import RETRY_AFTER_S
from service.core.asgi import ASGIApp, Receive, Scope, Send
from service.core.body_reader import has_body
from service.core.error_boundary import NUMBER
from service.core.errors import ServerBusy

START_S = 15.0
"""How long a request waits for a process that is starting, in seconds."""

BUFFER_BYTES = 1 << 20
"""Read buffer of a connection, either way: with a small one, a long frame waits for many turns."""

_TRY_EVERY_S = 0.05
_LENGTH = struct.Struct("!I")
_CARRIED = (
    "type",
    "http_version",
    "method",
    "scheme",
    "path",
    "raw_path",
    "query_string",
    "root_path",
    "headers",
    "client",
    "server",
    NUMBER,
)
_ASGI = {"version": "3.0", "spec_version": "2.4"}
_GONE = {"type": "http.disconnect"}


class Relay:
    """The client end: an ASGI application whose requests another process answers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request whose body, if any, comes in one piece.

        Raises:
            ServerBusy: the process is not running, or ended before its response began.
            ConnectionError: it ended during its response.
        """
        body = (await receive()).get("body", b"") if has_body(scope["headers"]) else b""
        reader, writer = await self._connect(START_S)
        try:
            await _write_frame(writer, ({key: scope.get(key) for key in _CARRIED}, body))
            await _pass_on(reader, receive, send)
        finally:
            writer.close()

    async def is_up(self, patience_s: float) -> bool:
        """Whether the process accepts connections within ``patience_s``."""
        try:
            _, writer = await self._connect(patience_s)
        except ServerBusy:
            return False
        writer.close()
        return True

    async def _connect(
        self, patience_s: float
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        ends = loop.time() + patience_s
        while True:
            try:
                return await asyncio.open_unix_connection(self._path, limit=BUFFER_BYTES)
            except OSError:
                if loop.time() > ends:
                    raise ServerBusy(RETRY_AFTER_S) from None
            await asyncio.sleep(_TRY_EVERY_S)


async def _pass_on(reader: asyncio.StreamReader, receive: Receive, send: Send) -> None:
    """Send the frames of a response; a streamed one only while the client is connected."""
    leaving: asyncio.Future[None] | None = None
    is_begun = False
    try:
        while True:
            try:
                message = await _read_frame(reader)
            except (EOFError, OSError):
                if is_begun:
                    raise ConnectionError("the answer broke off") from None
                raise ServerBusy(RETRY_AFTER_S) from None
            is_begun = True
            await send(message)
            if message["type"] == "http.response.start":
                continue
            if not message.get("more_body", False):
                return
            leaving = leaving or asyncio.ensure_future(_until_gone(receive))
            if leaving.done():
                return
    finally:
        if leaving is not None:
            leaving.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass  # the empty body of a request without one


class RelayedServer:
    """The server end: answers requests of ``Relay`` with an application of this process."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._inside: set[asyncio.Task[None]] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection."""
        task = asyncio.ensure_future(self._answer(reader, writer))
        self._inside.add(task)
        task.add_done_callback(self._inside.discard)
        try:
            await task
        except (EOFError, OSError):
            pass  # the client has disconnected
        finally:
            writer.close()

    async def finish(self, seconds: float) -> None:
        """Wait for running requests, at most this long."""
        if self._inside:
            await asyncio.wait(self._inside, timeout=seconds)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        scope, body = await _read_frame(reader)
        scope |= {"asgi": _ASGI, "extensions": {}, "state": {}}
        given = False

        async def receive() -> Scope:
            nonlocal given
            if given:
                await reader.read()  # until the client disconnects
                return _GONE
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Scope) -> None:
            await _write_frame(writer, message)

        await self._app(scope, receive, send)


async def _read_frame(reader: asyncio.StreamReader) -> Any:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return pickle.loads(await reader.readexactly(length))  # noqa: S301 - from our own process


async def _write_frame(writer: asyncio.StreamWriter, frame: Any) -> None:
    data = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
    writer.write(_LENGTH.pack(len(data)) + data)
    await writer.drain()
