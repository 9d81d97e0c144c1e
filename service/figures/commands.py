"""Publishes the figures of a month that is over."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from address_model.public_figures import (
    Figure,
    publish_answer_days,
    publish_reports,
    publish_scans,
    publish_stocks,
)
from address_model.reports import ReportKind
from address_model.tables import PublishedMonth
from service.core.bulk_copy import copy_rows
from service.core.clock import day_of
from service.figures.queries.counts import (
    count_answers,
    count_reports,
    count_scans,
    count_stocks,
    find_first_day,
)
from service.scans.commands import SCAN_LOG_LOCK

LATE = timedelta(days=1)
"""How long after its end a month is counted: server processes have written their scans by then."""

_LOCK = text("select pg_advisory_xact_lock(:key)")
_COLUMNS = ("month", "subject", "county", "item", "value")


def publish_month(session: Session, now: datetime) -> date | None:
    """Count and publish the oldest month that is over and not published; returns its first day.

    None if there is none, or nothing to tell yet. Stocks are told of the last month alone, as of
    today. Once published, a month is never counted again, whatever comes in later.
    """
    session.execute(_LOCK, {"key": SCAN_LOG_LOCK})
    last = _month_before(day_of(now - LATE))
    published = session.scalar(select(func.max(PublishedMonth.month)))
    first = find_first_day(session) if published is None else None
    month = _month_after(published) if published else (first or last).replace(day=1)
    while month <= last:
        figures = list(_count(session, month, with_stocks=month == last))
        if published or any(figure.value for figure in figures):
            session.add(PublishedMonth(month=month, counted_on=day_of(now)))
            session.flush()
            rows = ((month, *figure) for figure in figures)
            copy_rows(session, "published_figure", _COLUMNS, rows)
            return month
        month = _month_after(month)
    return None


def _count(session: Session, month: date, *, with_stocks: bool) -> Iterable[Figure]:
    if with_stocks:
        yield from publish_stocks(count_stocks(session))
    after = _month_after(month)
    yield from publish_scans(count_scans(session, month, after))
    yield from publish_reports(count_reports(session, month, after), ReportKind.OTHER)
    yield from publish_answer_days(count_answers(session, month, after))


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
