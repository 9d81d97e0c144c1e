"""Counts unknown tokens by their first characters and day, to find series of forgeries.

What was typed is not kept: of a text that has the form of a token the first five of its ten
characters, of any other nothing.
"""

from collections import Counter
from datetime import UTC, date, datetime

from address_model.tokens import LENGTH, SAMPLE
from service.core.async_pool import AsyncPool
from service.core.clock import day_of
from service.scans.queries.unknown_counts import KEPT_CHARACTERS, add_beginnings

MOST_COUNTED = 2_000
"""At most this many beginnings between two writes; further ones are dropped."""


class UnknownCounter:
    """The beginnings of unknown tokens that one server process saw since the last write."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool
        self.pending: Counter[tuple[date, str]] = Counter()
        """Counts not yet written, by day and beginning."""

    def add(self, token: str, now: float) -> None:
        """Count an unknown token; the sample's, which everybody tries, is not."""
        if len(token) != LENGTH or token == SAMPLE:
            return
        key = (day_of(datetime.fromtimestamp(now, UTC)), token[:KEPT_CHARACTERS])
        if len(self.pending) < MOST_COUNTED or key in self.pending:
            self.pending[key] += 1

    async def write(self) -> None:
        """Write the counts; if that fails they are kept for the next time.

        Raises:
            DatabaseUnreachable: the database does not take them.
        """
        taken, self.pending = self.pending, Counter()
        if not taken:
            return
        try:
            await add_beginnings(self._pool, taken)
        except BaseException:
            self.pending.update(taken)
            raise
