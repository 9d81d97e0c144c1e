"""Writes bodies that were made to the database, some at a time, and drops those of yesterday."""

import time

from service.core.async_pool import AsyncPool
from service.core.timer import repeat
from service.scans.queries.page_cache import clear_bodies, store_bodies

Made = tuple[str, int, int, bytes]

_EVERY_S = 0.25
_CLEAR_EVERY_S = 600.0
_AT_ONCE = 200
_MOST_WAITING = 5_000


class FragmentWriter:
    """Keeps bodies for all server processes; what it cannot write is made again when needed."""

    def __init__(self, pool: AsyncPool, made_by: bytes) -> None:
        self._pool, self._made_by = pool, made_by
        self._waiting: dict[str, Made] = {}
        self._cleared = 0.0

    def add(self, made: Made) -> None:
        """Have a body written: token, versions of the rows of plate and address, body."""
        if len(self._waiting) < _MOST_WAITING:
            self._waiting[made[0]] = made

    async def work(self) -> None:
        """Write and clear until cancelled."""
        await repeat(self._tidy, every=_EVERY_S)

    async def write(self) -> None:
        """Write all that waits.

        Raises:
            DatabaseUnreachable: it cannot be written now.
        """
        while self._waiting:
            some = [self._waiting.pop(token) for token in list(self._waiting)[:_AT_ONCE]]
            await store_bodies(self._pool, self._made_by, some)

    async def _tidy(self) -> None:
        if time.monotonic() - self._cleared > _CLEAR_EVERY_S:
            await clear_bodies(self._pool)
            self._cleared = time.monotonic()
        await self.write()
