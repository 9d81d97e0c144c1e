"""Writes and reads how often plates were scanned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.async_pool import AsyncPool
from service.core.clock import zone

Counted = tuple[str, datetime, str, int]
"""Token ("" for those that no plate carries), hour, outcome, how often."""

_ADD = """
insert into scan_count as held (token, hour, outcome, count)
select * from unnest(%b::text[], %b::timestamptz[], %b::text[], %b::bigint[])
  as counted (token, hour, outcome, count) order by token, hour, outcome
on conflict (token, hour, outcome) do update set count = held.count + excluded.count
returning 1
"""
_CLEAR = """
delete from scan_count where hour < now() - make_interval(days => %s::integer) returning 1
"""
_BY_DAY = text(
    "select (hour at time zone :zone)::date as day, outcome, sum(count)::bigint from scan_count "
    "where token = :token and hour >= cast(:since as timestamp) at time zone :zone "
    "group by day, outcome order by day desc, outcome"
)


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often a plate was scanned on a day, by what was answered."""

    day: date
    outcome: str
    count: int


async def add_counts(pool: AsyncPool, counted: Sequence[Counted]) -> None:
    """Add to what is counted, in one statement; in one order, so that no two processes wait."""
    await pool.rows(_ADD, *map(list, zip(*counted, strict=True)))


async def clear_counts(pool: AsyncPool, kept_days: int) -> None:
    """Drop the counts of hours that are longer ago."""
    await pool.rows(_CLEAR, kept_days)


def list_scan_counts(session: Session, token: str, since: date) -> list[DayCount]:
    """How often a plate was scanned on each day from ``since`` on, the newest day first."""
    asked = {"token": token, "since": since, "zone": str(zone())}
    rows: Sequence[Any] = session.execute(_BY_DAY, asked).all()
    return [DayCount(*row) for row in rows]
