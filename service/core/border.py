"""Admission control before the application: size limits, credentials for bodies, bulkheads.

The head is measured; the body is read completely before anything is held for it, and not at all
without credentials where these are needed; then the request waits for a place among its kind.
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
"""How long a read may take until its response begins, in seconds."""

CREDENTIALS_S = 3.0
"""How long checking a key or session may take, in seconds."""

_BODY_HEADERS = (b"content-length", b"transfer-encoding", b"content-type", b"expect")


@dataclass(frozen=True, slots=True)
class Passage:
    """The limits for a request: its bulkhead, body size, need of credentials, and deadline."""

    kind: Kind
    most_bytes: int = 64 << 10
    needs_credentials: bool = False
    """Whether a body needs a valid key or session; the application answers when it is missing."""
    patience_s: float = READ_PATIENCE_S


class Border:
    """Wraps an application, inside an ``ErrorBoundary``; belongs to one event loop."""

    def __init__(
        self,
        app: App,
        passage_of: Callable[[Scope], Passage],
        is_known: Callable[[Scope], Awaitable[bool]],
    ) -> None:
        """``is_known`` tells whether a request carries a valid key or session."""
        self._app, self._passage_of, self._is_known = app, passage_of, is_known
        self._admissions: dict[Kind, Admission] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: WatchedSend) -> None:
        """Answer an HTTP request.

        Raises:
            MenpaiError: it is refused, there is no place for it, or it takes too long.
            CallerGone: the caller has disconnected.
        """
        if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_TARGET_BYTES:
            raise TargetTooLong(
                f"at most {MOST_TARGET_BYTES} bytes", hint="send long texts by POST"
            )
        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > MOST_HEADER_BYTES:
            raise HeadTooLong(f"at most {MOST_HEADER_BYTES} bytes", hint="send fewer cookies")
        passage = self._passage_of(scope)
        if has_body(scope["headers"]):
            scope, receive = await self._read(passage, scope, receive, send)
        admission = self._admissions.get(passage.kind)
        if admission is None:
            admission = self._admissions[passage.kind] = Admission(passage.kind)
        await admission.run(self._app, scope, receive, send, passage.patience_s)

    async def _read(
        self, passage: Passage, scope: Scope, receive: Receive, send: WatchedSend
    ) -> tuple[Scope, Receive]:
        if passage.needs_credentials:
            try:
                async with asyncio.timeout(CREDENTIALS_S):
                    is_known = await self._is_known(scope)
            except TimeoutError:
                raise ServerBusy(RETRY_AFTER_S) from None
        if passage.needs_credentials and not is_known:
            send.closes = True  # the rest of the body is not read
            headers = [one for one in scope["headers"] if one[0] not in _BODY_HEADERS]
            return {**scope, "headers": headers}, replay(b"", receive)
        try:
            body = await read_body(scope, receive, passage.most_bytes)
        except MenpaiError:
            send.closes = True
            raise
        return scope, replay(body, receive)
