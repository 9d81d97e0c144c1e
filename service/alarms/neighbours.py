"""How a plate's neighbours were scanned, compared with before: weekday, season, holidays, a fault.

Whatever moves all plates of a township moves this factor, and none of them alone.
"""

from collections import defaultdict
from collections.abc import Iterable

from service.alarms.queries.rhythms import Sums
from service.alarms.windows import BASE_DAYS, RECENT_DAYS, Windows

ENOUGH = 200
"""Scans in the four weeks that say how a township is scanned; with fewer, its county is asked."""


class Neighbours:
    """The sums of all townships, counties and everywhere on a judged day."""

    def __init__(self, sums: Iterable[tuple[str, Sums]], windows: Windows) -> None:
        self._windows = windows
        self._sums: defaultdict[str, Sums] = defaultdict(Sums)
        for township, some in sums:
            for reach in (township, township[:6], ""):
                self._sums[reach] += some

    @property
    def plates(self) -> int:
        """How many plates were judged."""
        return self._sums[""].plates

    def recent_factor(self, division: str, own: Sums) -> float:
        """The last three days of the neighbours against their four weeks before, per day."""
        for sums in self._without(division, own):
            if sums.base >= ENOUGH:
                return (sums.recent + 1) / RECENT_DAYS / (sums.base / self._windows.base_days)
        return 1.0

    def silent_factor(self, division: str, own: Sums) -> float:
        """The silent days of the neighbours against their four weeks before, per day."""
        for sums in self._without(division, own):
            if sums.used >= ENOUGH:
                return (sums.late + 1) / self._windows.silent_days / (sums.used / BASE_DAYS)
        return 0.0  # without neighbours nobody knows what is usual

    def _without(self, division: str, own: Sums) -> Iterable[Sums]:
        for reach in (division[:9], division[:6], ""):
            sums = self._sums[reach]
            yield Sums(
                sums.recent - own.recent,
                sums.base - own.base,
                sums.late - own.late,
                sums.used - own.used,
                sums.plates - 1,
            )
