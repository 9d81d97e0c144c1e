"""The outermost error handler: answers unhandled errors without disclosing anything.

Every request gets an id here, which its response (X-Request-Id) and its log lines carry, in this
process and in the one that a request is relayed to.
"""

from collections.abc import Awaitable, Callable

import structlog

from service.core.asgi import Receive, Scope, Send
from service.core.body_reader import CallerGone
from service.core.errors import MenpaiError
from service.core.logs import request_logged

NUMBER = "menpai.request"
"""The key in a scope of its request id."""

Refuse = Callable[[MenpaiError, Scope, Receive, Send], Awaitable[None]]
logger = structlog.get_logger()


class WatchedSend:
    """Sends and records the progress of a response; ``closes``: close the connection after it."""

    def __init__(self, send: Send, number: str = "") -> None:
        self._send = send
        self._headers = [(b"x-request-id", number.encode())] if number else []
        self.is_begun = self.is_ended = self.closes = False

    async def __call__(self, message: Scope) -> None:
        """Send a message of ASGI."""
        if message["type"] == "http.response.start":
            self.is_begun = True
            if self.closes:
                self._headers.append((b"connection", b"close"))
            message = {**message, "headers": [*message.get("headers", ()), *self._headers]}
        elif not message.get("more_body", False):
            self.is_ended = True
        await self._send(message)


class ErrorBoundary:
    """The outermost handler of an application."""

    def __init__(
        self, app: Callable[[Scope, Receive, WatchedSend], Awaitable[None]], refuse: Refuse
    ) -> None:
        """``refuse`` answers an error in the format that the caller accepts."""
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request."""
        known = scope.get(NUMBER, "")
        with request_logged(known) as number:
            scope[NUMBER] = number
            watched = WatchedSend(send, "" if known else number)
            try:
                await self._app(scope, receive, watched)
            except CallerGone:
                return
            except MenpaiError as error:
                if not watched.is_begun:
                    await self._refuse(error, scope, receive, watched)
            except Exception as error:
                # one line only: a traceback could show what a user typed
                route = getattr(scope.get("route"), "path", "?")
                logger.error("unforeseen", route=route, error=type(error).__name__)  # noqa: TRY400
                if not watched.is_begun:
                    await self._refuse(MenpaiError("It was noted."), scope, receive, watched)
                elif not watched.is_ended:
                    raise  # closes the connection, which marks the response as incomplete
