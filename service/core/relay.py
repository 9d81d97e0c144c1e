"""Passes requests to an application in another process, as messages of ASGI over a Unix socket.

Pages take the interpreter for tens of milliseconds. In the process that answers scans every thread
that does so makes the event loop wait for its turn at each system call; so they run elsewhere.
A connection is one request: a frame with its scope and body goes, the frames of its answer come
back. Both ends are processes of this server, the socket's folder is theirs alone.
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
"""So long a request waits for a process that is being started."""

BUFFER_BYTES = 1 << 20
"""Read ahead of a frame: a long list in small pieces would wait for the event loop at each."""

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
    """The near end: an application that another process answers for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of HTTP whose body, if it has one, comes in one piece.

        Raises:
            ServerBusy: the process does not run, or ended before it began to answer.
            ConnectionError: it ended within its answer.
        """
        body = (await receive()).get("body", b"") if has_body(scope["headers"]) else b""
        reader, writer = await self._connect(START_S)
        try:
            await _write_frame(writer, ({key: scope.get(key) for key in _CARRIED}, body))
            await _pass_on(reader, receive, send)
        finally:
            writer.close()

    async def is_up(self, patience_s: float) -> bool:
        """Whether the process answers; one that is being started is waited for so long."""
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
    """Send the frames of an answer; of one that comes in many, only while somebody listens."""
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
        pass  # of a request without a body comes that it has none


class RelayedServer:
    """The far end: answers for ``Relay`` with an application of this process."""

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
            pass  # whoever asked has left
        finally:
            writer.close()

    async def finish(self, seconds: float) -> None:
        """Wait for what is being answered, so long at most."""
        if self._inside:
            await asyncio.wait(self._inside, timeout=seconds)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        scope, body = await _read_frame(reader)
        scope |= {"asgi": _ASGI, "extensions": {}, "state": {}}
        given = False

        async def receive() -> Scope:
            nonlocal given
            if given:
                await reader.read()  # nothing comes but the end
                return _GONE
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Scope) -> None:
            await _write_frame(writer, message)

        await self._app(scope, receive, send)


async def _read_frame(reader: asyncio.StreamReader) -> Any:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return pickle.loads(await reader.readexactly(length))  # noqa: S301 - of our own process


async def _write_frame(writer: asyncio.StreamWriter, frame: Any) -> None:
    data = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
    writer.write(_LENGTH.pack(len(data)) + data)
    await writer.drain()
