"""Keeps the counts of scans: months opened and dropped, old days summed by community."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.clock import start_of

SCAN_LOG_LOCK = 0x7363616E
"""The advisory lock of whoever keeps the counts ("scan"); migration 0070 takes it too."""

_LOCK = text("select pg_advisory_xact_lock(:key)")
_SUM = text("""
with taken as (
  delete from scan_count where hour >= :start and hour < :end returning token, outcome, count
), kept as (
  insert into scan_day as held (day, division, outcome, count)
  select :day, coalesce(d.code, ''), t.outcome, sum(t.count)
  from taken t
  left join plate p on p.token = t.token and p.generation > 0
  left join address a on a.code = p.code
  left join division d on d.id = a.division_id
  group by 2, 3
  on conflict (day, division, outcome) do update set count = held.count + excluded.count
  returning 1
)
select count(*) from taken
""")


def open_scan_months(session: Session) -> int:
    """Create the partitions of this and the next two months; returns how many were missing.

    Scans of a month without a partition are counted in the default one, and moved with it.
    """
    return int(session.execute(text("select open_scan_months()")).scalar_one())


def sum_scans(session: Session, day: date) -> int:
    """Put one count per community and outcome in place of a local day's counts per plate and hour.

    Returns how many counts were replaced. Sum and deletion are one statement: a worker that is
    killed has done nothing, a second one finds nothing left, and late counts are added.
    """
    session.execute(_LOCK, {"key": SCAN_LOG_LOCK})
    days = {"day": day, "start": start_of(day), "end": start_of(day + timedelta(days=1))}
    return int(session.execute(_SUM, days).scalar_one())


def drop_scan_months(session: Session, before: date) -> int:
    """Drop the partitions of months before a day that are empty; returns how many."""
    values = {"before": start_of(before)}
    return int(session.execute(text("select drop_scan_months(:before)"), values).scalar_one())
