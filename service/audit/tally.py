"""Aggregates frequent events into one audit entry per minute.

One entry per minute, actor, action and subject, with a count. A killed process loses the counts of
at most a minute.
"""

import asyncio
import threading
from collections import Counter

from service.audit.commands import record, write_head
from service.core.actor import Actor
from service.core.database import Database

FLUSH_EVERY_S = 60.0


class AuditTally:
    """The counts of one server process; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._counts: Counter[tuple[Actor, str, str]] = Counter()

    def add(self, actor: Actor, action: str, subject: str) -> None:
        """Count one event; subjects must be few and never user input."""
        with self._lock:
            self._counts[actor, action, subject] += 1

    def flush(self) -> None:
        """Write the counts to the audit chain; they are kept if that fails.

        Raises:
            DatabaseUnreachable: the database is down.
        """
        with self._lock:
            taken, self._counts = self._counts, Counter()
        if not taken:
            return
        try:
            with self._database.session() as session:
                for (actor, action, subject), count in taken.items():
                    record(session, actor=actor, action=action, subject=subject, count=count)
        except BaseException:
            with self._lock:
                self._counts.update(taken)
            raise

    async def turn(self) -> None:
        """Write the counts, and a head of the chain if one is due."""
        await asyncio.to_thread(self.flush)
        await asyncio.to_thread(write_head, self._database)
