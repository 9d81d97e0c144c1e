"""Lets reports that wait too long rise a level, so that the office above sees them."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.reports import HIGHEST_LEVEL, level_above
from service.audit import commands as audit
from service.core.actor import Actor

CLOCK = Actor("system", "overdue reports")
MOST_AT_ONCE = 500
_OVERDUE = text(
    "select number, level from report where state in ('received', 'assigned') "
    "and joined_to is null and level > :highest "
    "and coalesce(risen_at, received_at) < :before "
    "order by number limit :most for no key update skip locked"
)
_RISE = text(
    "update report set level = :level, risen_at = clock_timestamp() where number = :number"
)


def raise_overdue(session: Session, before: datetime) -> int:
    """Raise reports that came or last rose before a moment, by one level; return how many.

    Those that double another are counted with it. Of two workers at once each raises others: a
    report that has just risen is not overdue again.
    """
    values = {"highest": HIGHEST_LEVEL, "before": before, "most": MOST_AT_ONCE}
    rows = session.execute(_OVERDUE, values).all()
    for row in rows:
        level = level_above(row.level)
        session.execute(_RISE, {"number": row.number, "level": level})
        audit.record(session, actor=CLOCK, action="reports:rise", subject=row.number, level=level)
    return len(rows)
