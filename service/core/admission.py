"""Bulkheads: limits how many requests of each kind run at once; others wait briefly or are refused.

Threads that wait for connections held by requests that wait for threads are a deadlock. So no more
requests are admitted than there are connections, separately by kind, so that none starves another
(Nygard, "Release It!", 2018, chapter 5: bulkheads).
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from service.core.asgi import Receive, Scope, Send
from service.core.errors import AnswerOverdue, ServerBusy

App = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]
RETRY_AFTER_S = 2


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request, of which at most ``inside`` run at once."""

    name: str
    inside: int
    queue_s: float = 1.2
    """How long a request waits for a place, in seconds."""


class Admission:
    """Admits requests of one kind; belongs to one event loop."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._places = asyncio.Semaphore(kind.inside)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(
        self, app: App, scope: Scope, receive: Receive, send: Send, patience_s: float
    ) -> None:
        """Run a request whose response must begin within ``patience_s``.

        An overdue request keeps its place until it ends, as it keeps its thread and connection
        too; its late response is discarded.

        Raises:
            ServerBusy: there is no place for it.
            AnswerOverdue: its response does not begin in time.
        """
        try:
            async with asyncio.timeout(self.kind.queue_s):
                await self._places.acquire()
        except TimeoutError:
            raise ServerBusy(RETRY_AFTER_S) from None
        answer = _Answer(send)
        task = asyncio.get_running_loop().create_task(app(scope, receive, answer.send))
        self._tasks.add(task)
        task.add_done_callback(self._end)
        try:
            await asyncio.wait({task}, timeout=patience_s)
            if not task.done() and not answer.is_begun:
                answer.is_given_up = True
                raise AnswerOverdue(RETRY_AFTER_S)
            await task
        except asyncio.CancelledError:
            answer.is_given_up = True
            raise

    def _end(self, task: asyncio.Task[None]) -> None:
        self._places.release()
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # retrieved: after a timeout nobody awaits the task


class _Answer:
    """The response to one caller, discarded once it is given up."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_begun = False
        self.is_given_up = False

    async def send(self, message: Scope) -> None:
        if not self.is_given_up:
            self.is_begun = True
            await self._send(message)
