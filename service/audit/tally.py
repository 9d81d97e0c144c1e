"""Aggregates frequent events into one audit entry per minute, and calls of programs by day.

One entry per minute, actor, action and subject, with a count; one row of ``client_usage`` per
program, call and day. A killed process loses the counts of at most a minute.
"""

import asyncio
import threading
import time
from collections import Counter
from datetime import UTC, datetime

from service.audit.commands import add_usage, record, write_head
from service.core.actor import Actor
from service.core.clock import day_of
from service.core.database import Database

FLUSH_EVERY_S = 60.0


class AuditTally:
    """The counts of one server process; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._counts: Counter[tuple[Actor, str, str]] = Counter()
        self._calls: Counter[tuple[int, str, int]] = Counter()
        self._rows: Counter[tuple[int, str, int]] = Counter()

    def add(self, actor: Actor, action: str, subject: str, count: int = 1) -> None:
        """Count one event, or several; subjects must be few and never user input."""
        with self._lock:
            self._counts[actor, action, subject] += count

    def add_usage(self, client_id: int, call: str, rows: int, *, calls: int = 1) -> None:
        """Count a call of a program, an operation of the API, and the rows it got.

        Rows that are counted when an answer has been sent to its end come with no further call.
        """
        used = client_id, call, int(time.time()) // 60
        with self._lock:
            self._calls[used] += calls
            self._rows[used] += rows

    def flush(self) -> None:
        """Write the counts to the audit chain; they are kept if that fails.

        Raises:
            DatabaseUnreachable: the database is down.
        """
        with self._lock:
            taken, self._counts = self._counts, Counter()
            calls, self._calls = self._calls, Counter()
            rows, self._rows = self._rows, Counter()
        if not taken and not calls:
            return
        try:
            with self._database.session() as session:
                for (actor, action, subject), count in taken.items():
                    record(session, actor=actor, action=action, subject=subject, count=count)
                for used, count in sorted(calls.items()):
                    client, call, minute = used
                    day = day_of(datetime.fromtimestamp(minute * 60, UTC))
                    add_usage(session, client, call, day, count=count, rows=rows[used])
        except BaseException:
            with self._lock:
                self._counts.update(taken)
                self._calls.update(calls)
                self._rows.update(rows)
            raise

    async def turn(self) -> None:
        """Write the counts, and a head of the chain if one is due."""
        await asyncio.to_thread(self.flush)
        await asyncio.to_thread(write_head, self._database)
