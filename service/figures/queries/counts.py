"""Counts what the public figures tell: stocks of now, scans and reports of a month."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE, AddressStatus, PlateStatus
from address_model.public_figures import Subject
from service.core.clock import day_of, start_of, zone
from service.reports.queries import find_answer_days, list_figures

_STANDING = [str(one) for one in AddressStatus if one not in GONE | {AddressStatus.PLANNED}]
_COUNTIES = text(
    "select distinct left(d.code, 6) from status_count s join division d on d.id = s.division_id"
)
_PLATES = text(
    "select left(d.code, 6), sum(s.amount)::bigint from status_count s "
    "join division d on d.id = s.division_id "
    "where s.subject = 'plate' and s.status = :in_use group by 1"
)
_DOORS = text("""
select left(d.code, 6), sum(found.doors)::bigint, sum(found.hung)::bigint from (
  select a.division_id, count(*) as doors, count(*) filter (where exists (
    select from plate p where p.code = a.code and p.status = :in_use and p.generation > 0
  )) as hung
  from address a where a.status = any(:standing) and a.level <> 'room' group by a.division_id
) found join division d on d.id = found.division_id group by 1
""")
_SCANS = text("""
select county, day, sum(count)::bigint from (
  select left(d.code, 6) as county, (s.hour at time zone :zone)::date as day, s.count
  from scan_count s
  join plate p on p.token = s.token and p.generation > 0
  join address a on a.code = p.code
  join division d on d.id = a.division_id
  where s.hour >= :start and s.hour < :end
  union all
  select left(division, 6), day, count from scan_day
  where day >= :month and day < :after and division <> ''
) counted group by county, day
""")
_FIRST_SCAN = text("select min(hour) from scan_count")
_FIRST_SUM = text("select min(day) from scan_day")


def list_counties(session: Session) -> list[str]:
    """The six-digit codes of all counties that have or had an address."""
    return sorted(session.scalars(_COUNTIES))


def count_stocks(session: Session) -> dict[str, dict[Subject, int]]:
    """Of each county now: plates in use, doors (addresses but rooms), doors that have one."""
    stocks = {
        county: {Subject.PLATES: 0, Subject.DOORS: 0, Subject.HUNG: 0}
        for county in list_counties(session)
    }
    in_use = {"in_use": str(PlateStatus.IN_USE)}
    for county, plates in session.execute(_PLATES, in_use):
        stocks[county][Subject.PLATES] = plates
    for county, doors, hung in session.execute(_DOORS, in_use | {"standing": _STANDING}):
        stocks[county] |= {Subject.DOORS: doors, Subject.HUNG: hung}
    return stocks


def count_scans(session: Session, month: date, after: date) -> Mapping[str, list[int]]:
    """The scans of plates in each county on each local day from ``month`` to before ``after``."""
    found = {county: [0] * (after - month).days for county in list_counties(session)}
    asked = {
        "zone": str(zone()),
        "month": month,
        "after": after,
        "start": start_of(month),
        "end": start_of(after),
    }
    for county, day, count in session.execute(_SCANS, asked):
        found.setdefault(county, [0] * (after - month).days)[(day - month).days] = count
    return found


def count_reports(session: Session, month: date, after: date) -> dict[str, dict[str, int]]:
    """The reports received in each county from ``month`` to before ``after``, by kind."""
    found: dict[str, dict[str, int]] = {county: {} for county in list_counties(session)}
    for one in list_figures(session, start_of(month), start_of(after)):
        found.setdefault(one.county, {})[str(one.kind)] = one.received
    return found


def count_answers(session: Session, month: date, after: date) -> dict[str, tuple[int, float]]:
    """The answers given in each county from ``month`` to before ``after``: number, median days."""
    found = dict.fromkeys(list_counties(session), (0, 0.0))
    return found | find_answer_days(session, start_of(month), start_of(after))


def find_first_day(session: Session) -> date | None:
    """The local day of the first scan that is still counted, by plate or by community."""
    first, summed = session.scalar(_FIRST_SCAN), session.scalar(_FIRST_SUM)
    days = [one for one in (day_of(first) if first else None, summed) if one]
    return min(days, default=None)
