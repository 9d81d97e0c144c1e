"""The lock under which entries of the heritage are judged and changed: loads and mergers."""

from sqlalchemy import text
from sqlalchemy.orm import Session

HERITAGE_LOCK = 0x6D656E75
"""An advisory lock ("menu"); readers are not held up."""


def lock_catalogue(session: Session) -> None:
    """Take the lock until the transaction ends: lock, then judge, then write."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": HERITAGE_LOCK})
