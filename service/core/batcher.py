"""Combines concurrent look-ups by key into one query.

Look-ups that arrive while two queries are running wait for the next one. So batches grow with the
load, and a lone look-up does not wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")

IN_FLIGHT = 2
MOST_KEYS = 32
"""Keys per query: small enough that the next query overlaps with handling this one."""


class Batcher(Generic[V]):
    """Look-ups of one kind, in one event loop."""

    def __init__(
        self,
        fetch: Callable[[list[str]], Awaitable[Mapping[str, V]]],
        *,
        in_flight: int = IN_FLIGHT,
        most_keys: int = MOST_KEYS,
    ) -> None:
        """``fetch`` takes keys and returns the values of those it found."""
        self._fetch = fetch
        self._most_in_flight, self._most_keys = in_flight, most_keys
        self._waiting: dict[str, list[asyncio.Future[V | None]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def load(self, key: str) -> asyncio.Future[V | None]:
        """The value of a key, or None; concurrent calls for the same key share the query.

        Awaiting it raises what ``fetch`` raised. Each caller has its own future, so cancelling
        one does not affect the others.
        """
        # Cached: before Python 3.12 getting the running loop is a system call.
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
        """Start after this iteration of the loop, so that all its look-ups go together."""
        task = asyncio.get_running_loop().create_task(self._work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._waiting:
                asked = self._waiting
                if len(asked) <= self._most_keys:
                    self._waiting = {}
                else:
                    asked = {key: asked.pop(key) for key in list(asked)[: self._most_keys]}
                try:
                    found = await self._fetch(list(asked))
                except Exception as error:  # noqa: BLE001 - passed on to those who wait
                    for future in _unanswered(asked):
                        future.set_exception(error)
                    continue
                except BaseException:
                    for future in _unanswered(asked):
                        future.cancel()
                    raise
                for key, futures in asked.items():
                    value = found.get(key)
                    for future in futures:
                        if not future.done():
                            future.set_result(value)
        finally:
            self._in_flight -= 1


def _unanswered(asked: Mapping[str, list[asyncio.Future[V]]]) -> Iterator[asyncio.Future[V]]:
    """The futures that are neither resolved nor cancelled."""
    return (future for futures in asked.values() for future in futures if not future.done())
