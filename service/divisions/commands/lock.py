"""The lock that serialises changes of divisions: loads, decisions and imprints."""

from sqlalchemy import text
from sqlalchemy.orm import Session

DIVISION_LOCK = 0x6D656E74
"""The advisory lock key of the division register ("ment")."""


def lock_divisions(session: Session) -> None:
    """Take the lock until the transaction ends; call it before reading what is to be checked.

    One lock is enough: a decision affects siblings and children too, and decisions are rare.
    """
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": DIVISION_LOCK})
