"""Reads the whole body of a request, with limits on size and speed, before it is handled."""

import asyncio
from collections.abc import Iterable

from service.core.asgi import Receive, Scope
from service.core.errors import BodyTooSlow, TooMuch

PIECE_SECONDS = 10.0
"""How long the next piece of a body may take, in seconds."""

BYTES_A_SECOND = 4_096
"""The slowest average speed that is accepted, after ``PIECE_SECONDS`` of grace."""


class CallerGone(Exception):
    """The caller has disconnected; there is nobody to answer."""


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the headers announce a body (RFC 9112 section 6.3)."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 ") != b"")
        for name, value in headers
    )


async def read_body(scope: Scope, receive: Receive, most_bytes: int) -> bytes:
    """The whole body, at most ``most_bytes``.

    Raises:
        TooMuch: it is larger, or its Content-Length says so.
        BodyTooSlow: it comes too slowly.
        CallerGone: the connection was closed.
    """
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not declared.isdigit() or int(declared) > most_bytes:
        raise _too_much(most_bytes)
    loop = asyncio.get_running_loop()
    began, pieces, size = loop.time(), list[bytes](), 0
    while True:
        timeout_s = min(PIECE_SECONDS, began + PIECE_SECONDS + size / BYTES_A_SECOND - loop.time())
        try:
            async with asyncio.timeout(timeout_s):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow(
                f"{size} bytes came in {loop.time() - began:.0f} s",
                hint="send the body without a pause",
            ) from None
        if message["type"] == "http.disconnect":
            raise CallerGone
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > most_bytes:
            raise _too_much(most_bytes)
        if not message.get("more_body", False):
            return b"".join(pieces)


def replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that first returns a body that was already read."""
    given = False

    async def again() -> Scope:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_much(most_bytes: int) -> TooMuch:
    shown = f"{most_bytes >> 20} MB" if most_bytes >= 1 << 20 else f"{most_bytes >> 10} KB"
    return TooMuch(f"a body has at most {shown} here", hint="send less at once")
