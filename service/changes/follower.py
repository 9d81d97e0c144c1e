"""Follows the change feed in a server process, to invalidate its caches.

A writer's ``NOTIFY`` carries only the last position; the follower reads the rows after its own, and
also polls, because a broken connection may go unnoticed. Caches may be used only while the follower
``hears``, which lasts a second from the start of the last successful poll. So whatever breaks (the
connection, the database, the task itself), withdrawn data disappears within a second.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from typing import Any, Protocol

import structlog

from service.changes.commands import CHANNEL
from service.changes.queries import CHANGES_AFTER, ChangeRow
from service.core.database import Database
from service.core.listener import ListenConnection, listening
from service.core.standby import POSITION

PAGE = 1000
MOST_CHANGES = 20_000
"""With more changes at once, everything is invalidated instead."""

HEARS_S = 1.0
"""How long a poll is valid, in seconds."""

_LOOK_EVERY_S = 0.4
_OVERDUE_S = 3.0
"""How long a poll may take, in seconds; then its connection is abandoned."""

_PAUSE_S = 0.5
_LAST_WORDS_S = 5.0
logger = structlog.get_logger()


class ChangeListener(Protocol):
    """A cache that changes may invalidate."""

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Invalidate what depends on these records."""

    def forget_all(self) -> None:
        """Invalidate everything."""


class Follower:
    """Reports every change to a cache; ``start`` and ``close`` belong to one event loop."""

    def __init__(self, database: Database, cache: ChangeListener) -> None:
        self._database, self._cache = database, cache
        self._position = 0
        self._has_heard = False
        self._asked_at = -math.inf
        self._heard_at = -math.inf
        self._lost_at: float | None = None
        self._is_closed = False
        self._task: asyncio.Task[None] | None = None
        self._listeners: set[asyncio.Task[None]] = set()

    @property
    def hears(self) -> bool:
        """Whether all changes until a second ago have been reported."""
        return time.monotonic() - self._heard_at < HEARS_S

    @property
    def position(self) -> int | None:
        """The last reported position, also after the feed was lost; None before the first poll."""
        return self._position if self._has_heard else None

    @property
    def fault(self) -> str:
        """What is wrong with it, or ""; shown by /readyz."""
        if self._task is None or self.hears:
            return ""
        return "the change feed is not followed; until it is, nothing is served from memory"

    def start(self) -> None:
        """Start following; if the task ends for any reason, it is restarted."""
        if self._is_closed:
            return
        self._task = asyncio.get_running_loop().create_task(self._follow())
        self._task.add_done_callback(self._start_again)

    async def close(self) -> None:
        """Stop following."""
        task, self._task, self._is_closed = self._task, None, True
        if task is not None:
            task.cancel()
            await asyncio.wait({task, *self._listeners}, timeout=_LAST_WORDS_S)

    def _start_again(self, ended: asyncio.Task[None]) -> None:
        if self._task is ended:
            self._mark_lost("ended")
            asyncio.get_running_loop().call_later(_PAUSE_S, self.start)

    async def _follow(self) -> None:
        """Listen, again whenever the connection breaks or a poll is overdue."""
        while True:
            listener = asyncio.ensure_future(self._listen())
            self._listeners.add(listener)
            listener.add_done_callback(self._listeners.discard)
            try:
                self._asked_at = time.monotonic()
                why = "overdue"
                while time.monotonic() - self._asked_at < _OVERDUE_S:
                    await asyncio.wait({listener}, timeout=_LOOK_EVERY_S)
                    if listener.done():
                        error = None if listener.cancelled() else listener.exception()
                        why = type(error).__name__
                        break
                self._mark_lost(why)
            finally:
                listener.cancel()  # a hung one is abandoned, and closes its connection when it ends
            await asyncio.sleep(_PAUSE_S)

    def _mark_lost(self, why: str) -> None:
        self._heard_at = -math.inf
        if self._lost_at is None:
            self._lost_at = time.monotonic()
            logger.warning("feed_lost", error=why, position=self._position)
            self._cache.forget_all()

    def _mark_found(self) -> None:
        self._heard_at, self._has_heard = self._asked_at, True
        if self._lost_at is not None:
            lost_s = round(time.monotonic() - self._lost_at, 1)
            logger.warning("feed_found", seconds=lost_s, position=self._position)
            self._lost_at = None

    async def _listen(self) -> None:
        async with listening(self._database.url, CHANNEL) as line:
            await self._skip(line)
            while True:
                payload = await line.wait(_LOOK_EVERY_S)
                if not payload.isdecimal() or int(payload) > self._position:
                    await self._look(line)

    async def _look(self, line: ListenConnection) -> None:
        """Report the changes since the last poll, page by page."""
        for _ in range(0, MOST_CHANGES, PAGE):
            rows = await self._ask(line, CHANGES_AFTER, self._position, self._position, PAGE)
            if rows:
                changes = [ChangeRow(*row) for row in rows]
                self._position = changes[-1].position  # before: values read from now on are newer
                self._cache.forget(changes)
            if len(rows) < PAGE:
                self._mark_found()
                return
        await self._skip(line)

    async def _skip(self, line: ListenConnection) -> None:
        ((self._position,),) = await self._ask(line, POSITION)
        self._cache.forget_all()
        self._mark_found()

    async def _ask(
        self, line: ListenConnection, statement: str, *values: int
    ) -> list[tuple[Any, ...]]:
        self._asked_at = time.monotonic()
        return await line.rows(statement, *values)
