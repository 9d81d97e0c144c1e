"""Destroys what residents wrote and photographed once its time is over, and records that."""

from datetime import datetime
from functools import partial

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.core.actor import Actor
from service.core.database import after_commit
from service.core.files import FileStore

RETENTION = Actor("system", "retention")
MOST_AT_ONCE = 1_000

_OVER = text(
    "select number, photo from report where closed_at < :before and cleared_at is null "
    "order by number limit :most for no key update skip locked"
)
_CLEAR = text(
    "update report set text = '', photo = '', photo_bytes = 0, cleared_at = clock_timestamp() "
    "where number = any(:numbers)"
)


def clear_reports(session: Session, files: FileStore, before: datetime) -> int:
    """Empty text and photo of up to 1,000 reports closed before a moment; return how many.

    The files go after the commit. Call it until it returns 0, each time in a transaction of its
    own.
    """
    over = session.execute(_OVER, {"before": before, "most": MOST_AT_ONCE}).all()
    if not over:
        return 0
    numbers = [row.number for row in over]
    session.execute(_CLEAR, {"numbers": numbers})
    audit.record_codes(session, actor=RETENTION, action="reports:clear", codes=numbers)
    photos = sorted({row.photo for row in over if row.photo})
    for name in photos:
        after_commit(session, partial(files.remove, name))
    return len(over)
