"""The daily judgement as the worker and the command line run it."""

from datetime import date, datetime, timedelta

from service.alarms.commands import raise_alarms
from service.alarms.commands.raising import Raised
from service.alarms.judgement import find_signs
from service.alarms.queries.alarms import is_judged
from service.core.clock import day_of, start_of
from service.core.database import Database
from service.core.settings import Settings

COUNTED_AFTER = timedelta(minutes=15)
"""By then every server process has written its counts of the day before."""


def judge_day(
    database: Database, day: date, settings: Settings, *, again: bool = False
) -> list[Raised]:
    """Judge a day and raise its alarms; nothing if it was judged, unless ``again``.

    The rules read outside the transaction that writes, which is short.
    """
    with database.reading() as session:
        if not again and is_judged(session, day):
            return []
        signs = find_signs(session, day, settings)
    with database.session() as session:
        return raise_alarms(session, day, signs, settings, again=again)


def judge_yesterday(database: Database, now: datetime, settings: Settings) -> list[Raised]:
    """Judge the last whole day, once all its scans are counted."""
    yesterday = day_of(now) - timedelta(days=1)
    if now - start_of(day_of(now)) < COUNTED_AFTER:
        return []
    return judge_day(database, yesterday, settings)
