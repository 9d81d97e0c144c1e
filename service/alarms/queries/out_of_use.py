"""Reads scans of plates that should not hang: ended ones, and those not hung yet."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.alarms.windows import WEEK_DAYS, Windows
from service.core.clock import zone

LEAST_DAYS = 3
"""Days with scans; one or two are a curious person's, or a test print's."""

_OUT_OF_USE = text("""
select s.token, s.ended, a.code, coalesce(d.code, p.county || '000000') as division,
  sum(s.count)::bigint as seen
from (select c.token, (c.hour at time zone :zone)::date as day,
    c.outcome in ('void', 'replaced') as ended, sum(c.count) as count
  from scan_count c join plate o on o.token = c.token
  where c.hour >= :since and c.hour < :until and (c.outcome in ('void', 'replaced')
    or c.outcome = 'current' and o.status in ('to_make', 'making', 'to_install'))
  group by 1, 2, 3) s
join plate p on p.token = s.token
join plate_batch b on b.id = p.batch_id and not b.is_trial
left join address a on a.code = p.code left join division d on d.id = a.division_id
where s.ended = (p.status in ('void', 'replaced') or a.status in ('replaced', 'retired', 'invalid'))
  and not exists (select 1 from plate_event e where e.token = s.token
    and (e.at at time zone :zone)::date = s.day)
group by s.token, s.ended, a.code, d.code, p.county
having sum(s.count) >= :least and count(*) >= :days order by s.token
""")


@dataclass(frozen=True, slots=True)
class OutOfUse:
    """A plate that was scanned though it has ended (``ended``), or does not hang yet."""

    token: str
    ended: bool
    code: str | None
    division: str
    seen: int


def list_out_of_use(session: Session, windows: Windows, least: int) -> list[OutOfUse]:
    """Plates with ``least`` scans in the last seven days, days of a crew's visit left out."""
    asked = {
        "since": windows.before(WEEK_DAYS),
        "until": windows.until,
        "zone": str(zone()),
        "least": least,
        "days": LEAST_DAYS,
    }
    return [OutOfUse(*row) for row in session.execute(_OUT_OF_USE, asked)]
