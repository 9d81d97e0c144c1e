"""Reads how often unknown tokens of each beginning were scanned."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.alarms.windows import BASE_DAYS, WEEK_DAYS, Windows

_BEGINNINGS = text(
    "select beginning, coalesce(sum(count) filter (where day > :week), 0)::bigint as seen, "
    "coalesce(sum(count) filter (where day <= :week), 0)::bigint as before "
    "from unknown_token_count where day > :since and day <= :day "
    "group by beginning having max(day) > :week order by beginning"
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Scans of unknown tokens with one beginning: in the last seven days, and in four weeks
    before."""

    text: str
    seen: int
    before: int


def list_beginnings(session: Session, windows: Windows) -> list[Beginning]:
    """All beginnings that were scanned in the last seven days."""
    week = windows.day - timedelta(days=WEEK_DAYS)
    asked = {"day": windows.day, "week": week, "since": week - timedelta(days=BASE_DAYS)}
    return [Beginning(*row) for row in session.execute(_BEGINNINGS, asked)]
