"""The clock: the one place that reads the time and the date, so that tests can set them.

Days are days in ``MENPAI_TIMEZONE``: a duty ends, and a former name begins, at midnight there. The
database and the machine use UTC and are not asked for the date.
"""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from service.core.settings import get_settings


def now_utc() -> datetime:
    """The current time in UTC, timezone-aware."""
    return datetime.now(UTC)


now_seconds = time.time
"""The current Unix time in seconds, for use in every request."""


def zone() -> ZoneInfo:
    """The local time zone (``MENPAI_TIMEZONE``)."""
    return ZoneInfo(get_settings().timezone)


def day_of(moment: datetime) -> date:
    """The local date of a moment."""
    return moment.astimezone(zone()).date()


def today() -> date:
    """The current local date."""
    return day_of(now_utc())


def start_of_day() -> datetime:
    """The moment at which the current local day began."""
    return start_of(today())


def start_of(day: date) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, datetime.min.time(), tzinfo=zone())
