"""How many requests of each kind are inside at once: what comes beyond waits a moment, or leaves.

A thread that waits for a connection, while those with a connection wait for a thread, is a knot
that no time-out undoes. So no more are let in than there are connections for (Nygard, "Release
It!", 2018, chapter 5: bulkheads), each kind by itself: none starves another.
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
    """So many requests of a kind may be inside at once."""

    name: str
    inside: int
    queue_s: float = 1.2
    """So long one waits for a place."""


class Admission:
    """Lets requests of one kind in; belongs to one event loop."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._places = asyncio.Semaphore(kind.inside)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(
        self, app: App, scope: Scope, receive: Receive, send: Send, patience_s: float
    ) -> None:
        """Have a request answered, which is to begin to answer within ``patience_s``.

        One that does not begin to answer in time keeps its place until it ends, for it keeps its
        thread and its connection too; what it says later nobody hears.

        Raises:
            ServerBusy: there is no place for it.
            AnswerOverdue: its answer does not begin in time.
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
            task.exception()  # whoever still waits has it; after a time-out nobody does


class _Answer:
    """What is said to one caller, for as long as it is heard."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_begun = False
        self.is_given_up = False

    async def send(self, message: Scope) -> None:
        if not self.is_given_up:
            self.is_begun = True
            await self._send(message)
