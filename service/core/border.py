"""What every request passes before the application: its size, its credentials, its place.

A head is measured, a body is read whole before anything is held for it (and not at all for
whoever may not send one), and then the request waits for a place among those of its kind.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from service.core.admission import RETRY_AFTER_S, Admission, App, Kind
from service.core.asgi import Receive, Scope
from service.core.body_reader import has_body, read_body, replay
from service.core.error_boundary import WatchedSend
from service.core.errors import HeadTooLong, MenpaiError, ServerBusy, TargetTooLong

MOST_TARGET_BYTES = 8_192
"""Of path and query together (RFC 9110 section 4.1 asks for 8,000 at least)."""

MOST_HEADER_BYTES = 24_576
READ_PATIENCE_S = 5.0
"""So long an answer to a question may take to begin."""

CREDENTIALS_S = 3.0
"""So long the database may take to say whose a key or a session is."""


@dataclass(frozen=True, slots=True)
class Passage:
    """How a request passes: among which kind, with how large a body, of whom, how patiently."""

    kind: Kind
    most_bytes: int = 64 << 10
    needs_credentials: bool = False
    """Whether only somebody known may send a body; the application says what is missing."""
    patience_s: float = READ_PATIENCE_S


class Border:
    """Stands before an application, behind a last handler; belongs to one event loop."""

    def __init__(
        self,
        app: App,
        passage_of: Callable[[Scope], Passage],
        is_known: Callable[[Scope], Awaitable[bool]],
    ) -> None:
        """``is_known`` says whether a request shows a key or a session that is valid now."""
        self._app, self._passage_of, self._is_known = app, passage_of, is_known
        self._admissions: dict[Kind, Admission] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: WatchedSend) -> None:
        """Have a request of HTTP answered.

        Raises:
            MenpaiError: it may not pass, there is no place for it, or it takes too long.
            CallerGone: whoever asked has left.
        """
        _measure(scope)
        passage = self._passage_of(scope)
        if has_body(scope["headers"]):
            scope, receive = await self._read(passage, scope, receive, send)
        admission = self._admission(passage.kind)
        await admission.run(self._app, scope, receive, send, passage.patience_s)

    async def _read(
        self, passage: Passage, scope: Scope, receive: Receive, send: WatchedSend
    ) -> tuple[Scope, Receive]:
        if passage.needs_credentials and not await self._knows(scope):
            send.closes = True  # whatever is still sent is not read
            headers = [one for one in scope["headers"] if one[0] not in _OF_BODIES]
            return {**scope, "headers": headers}, replay(b"", receive)
        try:
            body = await read_body(scope, receive, passage.most_bytes)
        except MenpaiError:
            send.closes = True
            raise
        return scope, replay(body, receive)

    async def _knows(self, scope: Scope) -> bool:
        try:
            async with asyncio.timeout(CREDENTIALS_S):
                return await self._is_known(scope)
        except TimeoutError:
            raise ServerBusy(RETRY_AFTER_S) from None

    def _admission(self, kind: Kind) -> Admission:
        found = self._admissions.get(kind)
        if found is None:
            found = self._admissions[kind] = Admission(kind)
        return found


_OF_BODIES = (b"content-length", b"transfer-encoding", b"content-type", b"expect")


def _measure(scope: Scope) -> None:
    """Refuse a head that is longer than any of ours.

    Raises:
        TargetTooLong, HeadTooLong: it is.
    """
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_TARGET_BYTES:
        raise TargetTooLong(f"at most {MOST_TARGET_BYTES} bytes", hint="send long texts by POST")
    if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > MOST_HEADER_BYTES:
        raise HeadTooLong(f"at most {MOST_HEADER_BYTES} bytes", hint="send fewer cookies")
