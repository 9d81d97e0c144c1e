"""The clock: the one place that asks what time it is and which day, so that tests can say.

A day that a rule speaks of is a day of ``MENPAI_TIMEZONE``: a duty ends, and a former name begins,
at midnight there. The database and the machine count in UTC and are not asked for the day.
"""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from service.core.settings import get_settings


def now_utc() -> datetime:
    """The current moment, with its zone."""
    return datetime.now(UTC)


def now_seconds() -> float:
    """The current moment in seconds since 1970, for what is asked at every request."""
    return time.time()


def zone() -> ZoneInfo:
    """The time zone of the people (``MENPAI_TIMEZONE``)."""
    return ZoneInfo(get_settings().timezone)


def day_of(moment: datetime) -> date:
    """The day of a moment where the people are."""
    return moment.astimezone(zone()).date()


def today() -> date:
    """The current day where the people are."""
    return day_of(now_utc())


def start_of_day() -> datetime:
    """The moment at which the current day began where the people are."""
    return datetime.combine(today(), datetime.min.time(), tzinfo=zone())
