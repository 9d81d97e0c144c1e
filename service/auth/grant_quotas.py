"""Counts the calls of grants a minute and a day, in the memory of each server process.

Once a second a process adds its counts to those that all processes share, and learns the sums. So
no call waits for the database; processes together may exceed a quota by what they answer within
that second, and while the database is down each counts for itself.
"""

import asyncio
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from service.auth.grants import Grant
from service.core.clock import day_of, now_utc, zone
from service.core.database import Database
from service.core.errors import TooOften
from service.core.quotas import Quota

SHARE_EVERY_S = 1.0
_MINUTE, _DAY = "grant_minute", "grant_day"
_SECONDS = {_MINUTE: 60, _DAY: 86_400}
_NAMES = {_MINUTE: "minute", _DAY: "day"}
_SHARE = text(
    "insert into request_count as held (kind, who, count, started_at) "
    "select kind, convert_to(who, 'UTF8'), count, now() from unnest("
    "cast(:kinds as text[]), cast(:whos as text[]), cast(:counts as int[])) as n(kind, who, count) "
    "on conflict (kind, who) do update set count = held.count + excluded.count "
    "returning kind, convert_from(who, 'UTF8'), count"
)


@dataclass(slots=True)
class _Window:
    """The calls of a grant in the minute or day that ``who`` names."""

    who: str
    shared: int = 0
    own: int = 0


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
        now = now_utc()
        held: list[tuple[_Window, Quota]] = []
        with self._lock:
            for kind, most in ((_MINUTE, grant.per_minute), (_DAY, grant.per_day)):
                if not most:
                    continue
                key, reset = _window_at(kind, now)
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
            given = sorted(
                (kind, window.who, window.own, number)
                for (number, kind), window in self._windows.items()
                if window.own
            )
        if not given:
            return
        columns = {
            "kinds": [kind for kind, *_ in given],
            "whos": [who for _, who, *_ in given],
            "counts": [count for *_, count, _ in given],
        }
        with self._database.session() as session:
            sums = {(row[0], row[1]): row[2] for row in session.execute(_SHARE, columns)}
        with self._lock:
            for kind, who, count, number in given:
                window = self._windows.get((number, kind))
                if window is not None and window.who == who:
                    window.shared, window.own = sums[kind, who], window.own - count

    async def turn(self) -> None:
        """As ``share``, in a thread."""
        await asyncio.to_thread(self.share)


def _window_at(kind: str, now: datetime) -> tuple[str, int]:
    """The name of a minute or of a day of the service, and the seconds until it ends."""
    if kind == _MINUTE:
        return str(int(now.timestamp()) // 60), 60 - now.second
    day = day_of(now)
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone())
    return day.isoformat(), max(1, round((midnight - now).total_seconds()))
