"""Writes and reads scan counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.async_pool import AsyncPool
from service.core.clock import start_of, zone

Counted = tuple[str, datetime, str, int]
"""Token ("" for unknown ones), hour, outcome, count."""

_ADD = """
insert into scan_count as held (token, hour, outcome, count)
select * from unnest(%b::text[], %b::timestamptz[], %b::text[], %b::bigint[])
  as counted (token, hour, outcome, count) order by token, hour, outcome
on conflict (token, hour, outcome) do update set count = held.count + excluded.count
returning 1
"""
_BY_DAY = text(
    "select (hour at time zone :zone)::date as day, outcome, sum(count)::bigint from scan_count "
    "where token = :token and hour >= cast(:since as timestamp) at time zone :zone "
    "group by day, outcome order by day desc, outcome"
)
_OLD_DAYS = text(
    "select distinct (hour at time zone :zone)::date as day from scan_count "
    "where hour < :before order by day"
)


@dataclass(frozen=True, slots=True)
class DayCount:
    """The scans of a plate on one day with one outcome."""

    day: date
    outcome: str
    count: int


async def add_counts(pool: AsyncPool, counted: Sequence[Counted]) -> None:
    """Add counts in one statement, sorted by key so that processes cannot deadlock."""
    await pool.rows(_ADD, *map(list, zip(*counted, strict=True)))


def list_scan_counts(session: Session, token: str, since: date) -> list[DayCount]:
    """The daily counts of a plate from ``since`` on, newest first."""
    asked = {"token": token, "since": since, "zone": str(zone())}
    rows: Sequence[Any] = session.execute(_BY_DAY, asked).all()
    return [DayCount(*row) for row in rows]


def list_old_days(session: Session, before: date) -> list[date]:
    """The local days before a day of which hours are still counted, oldest first."""
    asked = {"zone": str(zone()), "before": start_of(before)}
    return list(session.scalars(_OLD_DAYS, asked))
