"""Makes one query of all look-ups by key that wait at the same time.

What comes while two queries are under way waits for the next; so a query carries the more keys the
busier the server is, and a single look-up waits for nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")

IN_FLIGHT = 2
MOST_KEYS = 32
"""While so many are answered others are under way, and neither server nor database waits."""


class Batcher(Generic[V]):
    """Look-ups of one kind, in one event loop."""

    def __init__(
        self,
        fetch: Callable[[list[str]], Awaitable[Mapping[str, V]]],
        *,
        in_flight: int = IN_FLIGHT,
        most_keys: int = MOST_KEYS,
    ) -> None:
        """Look up by ``fetch``, which takes keys and returns what it found of them."""
        self._fetch = fetch
        self._most_in_flight, self._most_keys = in_flight, most_keys
        self._waiting: dict[str, list[asyncio.Future[V | None]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def load(self, key: str) -> asyncio.Future[V | None]:
        """What a key stands for, or None; who asks for the same key meanwhile shares the query.

        Awaiting it raises what ``fetch`` raised. Each has a future of its own: who is cancelled
        takes nothing from the others.
        """
        # Kept: until Python 3.12 to ask for it is a system call.
        loop = self._loop = self._loop or asyncio.get_running_loop()
        future: asyncio.Future[V | None] = loop.create_future()
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.append(future)
            return future
        self._waiting[key] = [future]
        if self._in_flight < self._most_in_flight:
            self._in_flight += 1
            loop.call_soon(self._start)
        return future

    def _start(self) -> None:
        """Begin when this turn of the loop is over: all that arrived in it go together."""
        task = asyncio.get_running_loop().create_task(self._work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._answer(self._take())
        finally:
            self._in_flight -= 1

    def _take(self) -> dict[str, list[asyncio.Future[V | None]]]:
        waiting = self._waiting
        if len(waiting) <= self._most_keys:
            self._waiting = {}
            return waiting
        return {key: waiting.pop(key) for key in list(waiting)[: self._most_keys]}

    async def _answer(self, asked: dict[str, list[asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._fetch(list(asked))
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            for future in _unanswered(asked):
                future.set_exception(error)
            return
        except BaseException:
            for future in _unanswered(asked):
                future.cancel()
            raise
        for key, futures in asked.items():
            value = found.get(key)
            for future in futures:
                if not future.done():
                    future.set_result(value)


def _unanswered(asked: Mapping[str, list[asyncio.Future[V]]]) -> Iterator[asyncio.Future[V]]:
    """Those who still wait; whoever was cancelled does not."""
    return (future for futures in asked.values() for future in futures if not future.done())
