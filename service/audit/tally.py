"""Counts what happens too often for an entry each, and notes it in the audit chain by and by.

One entry a minute, actor, action and subject, with how often. What a killed process had not yet
noted, a minute at most, is lost.
"""

import asyncio
import threading
from collections import Counter

from service.audit.commands import record, write_head
from service.core.actor import Actor
from service.core.database import Database

FLUSH_EVERY_S = 60.0


class AuditTally:
    """The counts of one server process; may be used by any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._counts: Counter[tuple[Actor, str, str]] = Counter()

    def add(self, actor: Actor, action: str, subject: str) -> None:
        """Count one; subjects are few and never what a stranger typed."""
        with self._lock:
            self._counts[actor, action, subject] += 1

    def flush(self) -> None:
        """Note what was counted; it stays counted if the database does not take it.

        Raises:
            DatabaseUnreachable: the server cannot be connected to.
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
        """Note what was counted, and how far the chain goes if that is due."""
        await asyncio.to_thread(self.flush)
        await asyncio.to_thread(write_head, self._database)
