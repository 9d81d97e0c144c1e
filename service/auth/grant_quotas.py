"""Counts the calls of grants a minute and a day, in the memory of each server process.

Once a second a process adds its counts to those that all processes share, and learns the sums. So
no call waits for the database; processes together may exceed a quota by what they answer within
that second, and while the database is down each counts for itself.
"""

import asyncio
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from service.auth.commands.quotas import CountedCalls, share_counts
from service.auth.grants import Grant
from service.core.clock import day_of, now_utc, zone
from service.core.database import Database
from service.core.errors import TooOften
from service.core.quotas import Quota

SHARE_EVERY_S = 1.0
_MINUTE, _DAY = "grant_minute", "grant_day"
_SECONDS = {_MINUTE: 60, _DAY: 86_400}
_NAMES = {_MINUTE: "minute", _DAY: "day"}


@dataclass(slots=True)
class _Window:
    """The calls of a grant in the minute or day that ``who`` names."""

    who: str
    shared: int = 0
    own: int = 0


@lru_cache(maxsize=4)
def _windows_at(second: int) -> tuple[tuple[str, str, int], ...]:
    """The minute and the day of a second since 1970: kind, name, and seconds until they end."""
    now = datetime.fromtimestamp(second, UTC)
    day = day_of(now)
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone())
    left = round((midnight - now).total_seconds())
    return (_MINUTE, str(second // 60), 60 - now.second), (_DAY, day.isoformat(), left)


class GrantQuotas:
    """The counts of one server process; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._windows: dict[tuple[int, str], _Window] = {}

    def take(self, grant: Grant) -> tuple[Quota, ...]:
        """Count a call of a grant; return what is left, of the minute and of the day.

        Raises:
            TooOften: there were too many; refused calls are not counted.
        """
        if not grant.per_minute and not grant.per_day:
            return ()
        minute, day = _windows_at(int(now_utc().timestamp()))
        held: list[tuple[_Window, Quota]] = []
        with self._lock:
            for most, (kind, key, reset) in ((grant.per_minute, minute), (grant.per_day, day)):
                if not most:
                    continue
                who = f"{grant.number}:{key}"
                window = self._windows.get((grant.number, kind))
                if window is None or window.who != who:
                    window = self._windows[grant.number, kind] = _Window(who)
                left = most - window.shared - window.own - 1
                quota = Quota(_NAMES[kind], most, _SECONDS[kind], max(0, left), reset)
                if left < 0:
                    raise TooOften(reset, quota)
                held.append((window, quota))
            for window, _ in held:
                window.own += 1
        return tuple(quota for _, quota in held)

    def share(self) -> None:
        """Add the counts to those of all processes, and learn the sums.

        Raises:
            DatabaseUnreachable: the database is down; the counts are kept.
        """
        with self._lock:
            given = {
                key: CountedCalls(key[1], window.who, window.own)
                for key, window in self._windows.items()
                if window.own
            }
        if not given:
            return
        with self._database.session() as session:
            sums = share_counts(session, list(given.values()))
        with self._lock:
            for key, counted in given.items():
                window = self._windows.get(key)
                if window is not None and window.who == counted.who:
                    window.shared = sums[counted.kind, counted.who]
                    window.own -= counted.calls

    async def turn(self) -> None:
        """As ``share``, in a thread."""
        await asyncio.to_thread(self.share)
