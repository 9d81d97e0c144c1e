"""Reads much-scanned plates whose responsible contact nobody has confirmed for long."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.alarms.windows import WEEK_DAYS, Windows

_UNCONFIRMED = text("""
select distinct on (u.id) u.id, g.name as area, p.token, p.code, d.code as division, s.seen
from (select token, sum(count)::bigint as seen from scan_count
  where hour >= :since and hour < :until and outcome = 'current' and token <> ''
  group by token having sum(count) >= :least) s
join plate p on p.token = s.token and p.status = 'in_use'
join address a on a.code = p.code join division d on d.id = a.division_id
join address_area l on l.code = a.code join area g on g.id = l.area_id
join duty u on u.area_id = g.id and u.publish and u.hidden_at is null
  and u.valid_from <= :day and (u.valid_to is null or u.valid_to >= :day)
  and coalesce(u.confirmed_at, u.valid_from) <= :confirmed_by
order by u.id, s.seen desc, p.token
""")


@dataclass(frozen=True, slots=True)
class UnconfirmedDuty:
    """A duty shown on a much-scanned plate, and the most scanned of its plates."""

    duty_id: int
    area: str
    token: str
    code: str
    division: str
    seen: int


def list_unconfirmed(
    session: Session, windows: Windows, least: int, confirm_days: int
) -> list[UnconfirmedDuty]:
    """Duties that nobody confirmed for ``confirm_days``, on plates with ``least`` scans a week."""
    asked = {
        "since": windows.before(WEEK_DAYS),
        "until": windows.until,
        "day": windows.day,
        "confirmed_by": windows.day - timedelta(days=confirm_days),
        "least": least,
    }
    return [UnconfirmedDuty(*row) for row in session.execute(_UNCONFIRMED, asked)]
