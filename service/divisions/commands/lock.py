"""The lock under which divisions are judged and changed: loads and decisions, one at a time."""

from sqlalchemy import text
from sqlalchemy.orm import Session

DIVISION_LOCK = 0x6D656E74
"""The advisory lock of the register of divisions ("ment")."""


def lock_divisions(session: Session) -> None:
    """Take the lock until the transaction ends: lock, then judge, then write.

    A decision concerns a division, those beside it and all within it; there are few decisions.
    """
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": DIVISION_LOCK})
