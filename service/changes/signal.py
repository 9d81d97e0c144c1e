"""Wakes requests that wait for a change: they hold neither a thread nor a connection meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from anyio import CapacityLimiter

from service.changes.follower import Follower
from service.changes.queries import ChangeRow
from service.core.database import Database

READERS = 4
"""How many waiting requests read at once: they must not all take a connection when they wake."""

UNHEARD_S = 0.4
"""How long a request waits before it looks itself, in seconds, while the feed is not followed."""


class ChangeSignal:
    """Tells waiting requests of one event loop that the feed has moved on."""

    def __init__(self, database: Database) -> None:
        self._follower = Follower(database, self)
        self._rung = asyncio.Event()
        self.readers = CapacityLimiter(READERS)

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """Follow the feed while the block runs."""
        self._follower.start()
        try:
            yield
        finally:
            await self._follower.close()

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Wake everybody: there are changes."""
        self._rung.set()
        self._rung = asyncio.Event()

    def forget_all(self) -> None:
        """Wake everybody: there may be changes."""
        self.forget(())

    async def wait(self, after: int, seconds: float) -> None:
        """Until there is a change after a position, at most so many seconds."""
        if not self._follower.hears:
            await asyncio.sleep(min(seconds, UNHEARD_S))
            return
        try:
            async with asyncio.timeout(seconds):
                while (self._follower.position or 0) <= after:
                    await self._rung.wait()
        except TimeoutError:
            return
