"""The clock: the one place that asks what time it is, so that tests can say."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now_utc() -> datetime:
    """The current moment, with its zone."""
    return datetime.now(UTC)


def now_seconds() -> float:
    """The current moment in seconds since 1970, for what is asked at every request."""
    return time.time()


def today_in(zone: ZoneInfo, now: datetime | None = None) -> date:
    """The current day in a time zone; a duty ends at midnight there."""
    return (now or now_utc()).astimezone(zone).date()
