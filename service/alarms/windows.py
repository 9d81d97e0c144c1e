"""The days that the rules compare: the last ones with those before, as moments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.core.clock import start_of

RECENT_DAYS = 3
"""Days of extra scans that make a copy."""

BASE_DAYS = 28
"""Days before the judged ones that say what is usual: four weeks, so that weekdays are even."""

WEEK_DAYS = 7
NIGHT_FROM_H, NIGHT_TO_H = 21, 7
"""The hours in which doorways are quiet; a plate that is scanned then anyway has its own usual."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a judged day; ``silent_days`` is how long a plate must be silent.

    ``counted_since`` is the first day of which counts are kept.
    """

    day: date
    silent_days: int
    counted_since: date

    @property
    def until(self) -> datetime:
        """The end of the judged day."""
        return start_of(self.day + timedelta(days=1))

    @property
    def recent(self) -> datetime:
        """The start of the last three days."""
        return self.before(RECENT_DAYS)

    @property
    def base(self) -> datetime:
        """The start of the four weeks before the last three days."""
        return self.before(RECENT_DAYS + BASE_DAYS)

    @property
    def silent(self) -> datetime:
        """The start of the days in which a plate was silent."""
        return self.before(self.silent_days)

    @property
    def used(self) -> datetime:
        """The start of the four weeks before the silent days."""
        return self.before(self.silent_days + BASE_DAYS)

    @property
    def since(self) -> datetime:
        """The earliest moment that any rule reads."""
        return min(self.base, self.used)

    @property
    def base_days(self) -> int:
        """Of how many of the four weeks before the last three days counts are kept."""
        return self.base_days_of(self.counted_since)

    def base_days_of(self, hung: date) -> int:
        """On how many of these days a plate hung, and was counted."""
        since = max(hung, self.counted_since)
        return max(0, min(BASE_DAYS, (self.day - since).days - RECENT_DAYS))

    def before(self, days: int) -> datetime:
        """The start of the last ``days`` days, the judged one counted."""
        return start_of(self.day + timedelta(days=1 - days))
