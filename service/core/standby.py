"""A hot standby of the database: whether it answers, and whether it may be read now.

It may be read once it has replayed the change feed as far as this process knows it, so that nothing
changed or withdrawn reappears. A periodic check tells whether it is worth asking; each read checks
the position again in its own transaction.
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
"""SQL: the position of the newest change."""

LOOK_EVERY_S = 0.4
LOOK_HOLDS_S = 1.2
"""How long a check is valid, in seconds: a standby that hangs delays nobody for longer."""

_LOOK = f"select ({POSITION}), pg_is_in_recovery()"
ALONE_AFTER_S = 5.0
"""A process that has not reached the primary this long after its start reads the standby as it
is, without contacts."""

_OVERDUE_S = 1.0
_GIVEN_UP_AFTER = 2
"""How many unanswered checks break off the connections of waiting requests."""

logger = structlog.get_logger()


class Feed(Protocol):
    """What a process knows of the primary's change feed."""

    @property
    def hears(self) -> bool:
        """Whether all changes until a second ago are known."""

    @property
    def position(self) -> int | None:
        """The newest known change, also after the feed was lost; None before the first."""


@dataclass(frozen=True, slots=True)
class _Look:
    """The result of a check: its time, the number of missing changes, whether it is a replica."""

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
        """Whether it is worth asking: the last check is recent and found nothing missing."""
        look = self._look
        if look is None or look.missing != 0:
            return False
        return time.monotonic() - look.asked_at < LOOK_HOLDS_S

    @property
    def hears(self) -> bool:
        """Whether the feed of the primary is followed, so that withdrawals are known."""
        return self.feed is not None and self.feed.hears

    @property
    def fault(self) -> str:
        """What is wrong with it, or ""; shown by /readyz."""
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
        """Whether a feed position read on the standby includes all known changes."""
        return _count_missing(self._heard(), position) == 0

    def note_failure(self) -> None:
        """A read failed: do not use it until the next check."""
        self._look = None

    def start(self) -> None:
        """Start the periodic check."""
        self._connections = OpenConnections(self.database.engine)
        self._started_at = time.monotonic()
        self._watching = asyncio.get_running_loop().create_task(
            repeat(self.look, every=LOOK_EVERY_S)
        )

    async def close(self) -> None:
        """Stop the check, and stop reading from it."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._look = None
        await self._pool.close()
        await asyncio.to_thread(self.database.dispose)

    async def look(self) -> None:
        """Check once how far it has replayed."""
        asked_at, heard = time.monotonic(), self._heard()
        try:
            async with asyncio.timeout(_OVERDUE_S):
                ((position, is_replica),) = await self._pool.rows(_LOOK)
        except (DatabaseUnreachable, TimeoutError, psycopg.Error) as error:
            self._look = None
            if not self._unanswered:
                logger.warning("standby_lost", error=type(error).__name__)
            self._unanswered += 1
            if self._unanswered >= _GIVEN_UP_AFTER and self._connections is not None:
                self._connections.break_off()  # waiting requests hold threads and places
            return
        missing = _count_missing(heard, position)
        if missing == 0:
            self._current_at = asked_at
        self._look = _Look(asked_at, missing, is_replica)
        if self._unanswered:
            logger.warning("standby_found")
        self._unanswered = 0

    def _heard(self) -> int | None:
        """The change it must have replayed; 0 for a process that never reached the primary."""
        heard = self.feed.position if self.feed is not None else None
        is_alone = time.monotonic() - self._started_at > ALONE_AFTER_S
        return 0 if heard is None and is_alone else heard


def _count_missing(heard: int | None, position: int | None) -> int | None:
    return None if heard is None or position is None else max(0, heard - position)
