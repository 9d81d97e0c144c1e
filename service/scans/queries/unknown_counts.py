"""Writes the counts of unknown tokens by their beginning."""

from collections.abc import Mapping
from datetime import date

from service.core.async_pool import AsyncPool

KEPT_CHARACTERS = 5
"""Of the ten characters of an unknown token so many are kept."""

MOST_A_DAY = 20_000
"""Beginnings of a day; further ones are counted under their first three characters (32,768)."""

_ADD = f"""
insert into unknown_token_count as held (day, beginning, count)
select day, case when is_kept then beginning else left(beginning, 3) end as kept, sum(count)
from (select day, beginning, count, exists (select 1 from unknown_token_count k
    where k.day = c.day and k.beginning = c.beginning)
    or (select count(*) from unknown_token_count k where k.day = c.day) < {MOST_A_DAY} as is_kept
  from unnest(%b::date[], %b::text[], %b::integer[]) as c (day, beginning, count)) judged
group by day, kept order by day, kept
on conflict (day, beginning) do update set count = held.count + excluded.count
returning 1
"""  # noqa: S608 - a number of this module


async def add_beginnings(pool: AsyncPool, counted: Mapping[tuple[date, str], int]) -> None:
    """Add counts by day and beginning in one statement, sorted so that processes cannot
    deadlock."""
    days, beginnings = zip(*counted, strict=True)
    await pool.rows(_ADD, list(days), list(beginnings), list(counted.values()))
