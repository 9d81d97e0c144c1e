"""Destroys rows whose time is over, and records what was destroyed, never the data."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.datasets.queries import get_dataset

RETENTION = Actor("system", "retention")
MOST_AT_ONCE = 5_000
WITHDRAWN_KEPT_DAYS = 30
"""How long the rows of a withdrawn dataset are kept, for an owner who did it by mistake."""

_OVER = """(d.destroy_by < :day
  or (d.state = 'withdrawn' and d.withdrawn_at < cast(:day as date) - :withdrawn)
  or r.updated_at < cast(:day as date) - d.retention_days)"""
_FIRST = text(
    "select d.id from dataset d where exists (select from dataset_row r "  # noqa: S608 - our own
    f"where r.dataset_id = d.id and {_OVER}) order by d.id limit 1"
)
_DELETE = text(
    "delete from dataset_row where (dataset_id, source_id) in (select r.dataset_id, r.source_id "  # noqa: S608
    f"from dataset_row r join dataset d on d.id = r.dataset_id where d.id = :dataset and {_OVER} "
    "order by r.source_id limit :most) "
    "returning source_id, code, updated_at, data::text as data"
)


@dataclass(frozen=True, slots=True)
class DestroyedRows:
    """What one step destroyed: of which dataset, how many rows, last changed from when to when."""

    dataset: int
    count: int
    first: datetime
    last: datetime


def destroy_rows(session: Session, day: date) -> DestroyedRows | None:
    """Destroy up to 5,000 rows of one dataset whose time is over on a day; None if none is.

    That is a row older than its dataset keeps them, every row after the dataset's last day, and
    those of a dataset that was withdrawn 30 days ago. Call it until it returns None, each time in a
    transaction of its own.
    """
    over = {"day": day, "withdrawn": WITHDRAWN_KEPT_DAYS}
    number = session.scalar(_FIRST, over)
    if number is None:
        return None
    dataset = get_dataset(session, number, lock=True)
    rows = session.execute(_DELETE, over | {"dataset": number, "most": MOST_AT_ONCE}).all()
    if not rows:
        return None
    announce(session, Subject.DATASET_ROW, Action.CHANGED, sorted({row.code for row in rows}))
    lines = sorted(f"{row.source_id} {row.code} {row.data}" for row in rows)
    done = DestroyedRows(
        number, len(rows), min(row.updated_at for row in rows), max(row.updated_at for row in rows)
    )
    audit.record(
        session,
        actor=RETENTION,
        action="datasets:destroy",
        subject=str(number),
        name=dataset.name,
        count=done.count,
        first=done.first.isoformat(),
        last=done.last.isoformat(),
        sha256=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    )
    return done
