"""A hot standby of the database: whether it answers, and whether it may be read just now.

It may where it has replayed the change feed as far as this process has heard of it, so that
nothing that was changed or withdrawn comes back from it. A look every now and then tells whether it
is worth asking; each reading asks again, in its own transaction, before it believes what it reads.
"""

import asyncio
import math
import time
from dataclasses import dataclass
from typing import Protocol

import psycopg
import structlog

from service.core.async_pool import AsyncPool
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.open_connections import OpenConnections
from service.core.timer import repeat

POSITION = "select last from feed_counter where name = 'change'"
"""The position of the newest change in the database that is asked."""

LOOK_EVERY_S = 0.4
LOOK_HOLDS_S = 1.2
"""So long after a look it is read: one that hangs holds nobody up for longer."""

_LOOK = f"select ({POSITION}), pg_is_in_recovery()"
ALONE_AFTER_S = 5.0
"""Whoever hears nothing for so long from the start on reads it as it stands, without contacts."""

_OVERDUE_S = 1.0
_GIVEN_UP_AFTER = 2
"""After so many looks that were not answered, whatever waits for an answer is broken off."""

logger = structlog.get_logger()


class Feed(Protocol):
    """What a process has heard of the change feed of the primary."""

    @property
    def hears(self) -> bool:
        """Whether all that changed until a second ago has been told."""

    @property
    def position(self) -> int | None:
        """The newest change that was told, also when no more is heard; None before the first."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a standby said: when it was asked, how many changes it lacked, whether it replays."""

    asked_at: float
    missing: int | None
    is_replica: bool


class Standby:
    """The standby of one server process; ``start`` and ``close`` belong to its event loop."""

    def __init__(self, database: Database) -> None:
        """``database`` is the standby's own, with its own pool."""
        self.database = database
        self.feed: Feed | None = None
        self._pool = AsyncPool(database.url, 1)
        self._look: _Look | None = None
        self._current_at = time.monotonic()
        self._connections: OpenConnections | None = None
        self._started_at = math.inf
        self._unanswered = 0
        self._watching: asyncio.Task[None] | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it is worth asking: it answered a moment ago and lacked nothing then."""
        look = self._look
        if look is None or look.missing != 0:
            return False
        return time.monotonic() - look.asked_at < LOOK_HOLDS_S

    @property
    def hears(self) -> bool:
        """Whether the primary is heard, so that what may be withdrawn is known."""
        return self.feed is not None and self.feed.hears

    @property
    def fault(self) -> str:
        """What is wrong with it, or nothing; for whoever asks how the server is."""
        look = self._look
        if look is None or time.monotonic() - look.asked_at >= LOOK_HOLDS_S:
            return "the standby does not answer; reads go to the primary"
        if look.missing:
            since = time.monotonic() - self._current_at
            return (
                f"the standby has been behind for {since:.0f} s (changes missing: "
                f"{look.missing:,}); reads go to the primary"
            )
        return "" if look.is_replica else "what is read as the standby is none; it was promoted"

    def has_replayed(self, position: int | None) -> bool:
        """Whether a position of the feed, read on the standby, is as new as what was heard."""
        return _count_missing(self._heard(), position) == 0

    def note_failure(self) -> None:
        """A reading broke off: it is not asked again before the next look."""
        self._look = None

    def start(self) -> None:
        """Begin to look after it."""
        self._connections = OpenConnections(self.database.engine)
        self._started_at = time.monotonic()
        self._watching = asyncio.get_running_loop().create_task(
            repeat(self.look, every=LOOK_EVERY_S)
        )

    async def close(self) -> None:
        """Look after it no more; it is not read any more either."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._look = None
        await self._pool.close()
        await asyncio.to_thread(self.database.dispose)

    async def look(self) -> None:
        """Ask it once how far it is."""
        asked_at, heard = time.monotonic(), self._heard()
        try:
            async with asyncio.timeout(_OVERDUE_S):
                ((position, is_replica),) = await self._pool.rows(_LOOK)
        except (DatabaseUnreachable, TimeoutError, psycopg.Error) as error:
            self._look = None
            self._note_no_answer(type(error).__name__)
            return
        missing = _count_missing(heard, position)
        if missing == 0:
            self._current_at = asked_at
        self._look = _Look(asked_at, missing, is_replica)
        if self._unanswered:
            logger.warning("standby_found")
        self._unanswered = 0

    def _heard(self) -> int | None:
        """The change that has to be there: of a process that began without a primary, none."""
        heard = self.feed.position if self.feed is not None else None
        is_alone = time.monotonic() - self._started_at > ALONE_AFTER_S
        return 0 if heard is None and is_alone else heard

    def _note_no_answer(self, why: str) -> None:
        if not self._unanswered:
            logger.warning("standby_lost", error=why)
        self._unanswered += 1
        if self._unanswered >= _GIVEN_UP_AFTER and self._connections is not None:
            self._connections.break_off()  # requests that wait there keep their threads and places


def _count_missing(heard: int | None, position: int | None) -> int | None:
    return None if heard is None or position is None else max(0, heard - position)
