"""Counts scans in memory and writes them every minute: plate, hour and outcome, nothing else.

A killed process loses at most one minute of counts.
"""

from collections import Counter
from datetime import UTC, datetime

from service.core.async_pool import AsyncPool
from service.core.clock import now_seconds
from service.core.timer import repeat
from service.scans.card import ScanOutcome
from service.scans.hot.memory import Clock
from service.scans.hot.unknown_counter import UnknownCounter
from service.scans.queries.counts import add_counts

FLUSH_EVERY_S = 60.0
MOST_COUNTED = 200_000
"""At most this many keys between two writes; further ones are dropped."""

_HOUR_S = 3600


class ScanCounter:
    """The counts of one server process; used from its event loop only."""

    def __init__(self, pool: AsyncPool, clock: Clock = now_seconds) -> None:
        self._pool, self._clock = pool, clock
        self.pending: Counter[tuple[str, int, ScanOutcome]] = Counter()
        """Counts not yet written, by token, hour and outcome."""

        self._unknown = UnknownCounter(pool)
        self._hour = 0

    def add(self, token: str, outcome: ScanOutcome) -> None:
        """Count a scan; of an unknown token only its beginning is recorded."""
        now = self._clock()
        if outcome is ScanOutcome.UNKNOWN:
            self._unknown.add(token, now)
        if not 0 <= now - self._hour < _HOUR_S:
            self._hour = int(now) // _HOUR_S * _HOUR_S
        key = ("" if outcome is ScanOutcome.UNKNOWN else token, self._hour, outcome)
        if len(self.pending) < MOST_COUNTED or key in self.pending:
            self.pending[key] += 1

    async def work(self) -> None:
        """Write counts until cancelled; a worker keeps what was written (``service.worker``)."""
        await repeat(self.write, every=FLUSH_EVERY_S)

    async def write(self) -> None:
        """Write all counts; what cannot be written is kept for the next time.

        Raises:
            DatabaseUnreachable: the database does not take them.
        """
        await self._write_known()
        await self._unknown.write()

    async def _write_known(self) -> None:
        taken, self.pending = self.pending, Counter()
        if not taken:
            return
        counted = [
            (token, datetime.fromtimestamp(hour, UTC), str(outcome), count)
            for (token, hour, outcome), count in taken.items()
        ]
        try:
            await add_counts(self._pool, counted)
        except BaseException:
            self.pending.update(taken)
            raise
