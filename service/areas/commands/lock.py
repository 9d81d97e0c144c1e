"""The lock that serialises loads of areas, duties and handovers."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

LOAD_LOCK = 0x6D656E72
"""The advisory lock key ("menr")."""


def lock_loads(session: Session) -> None:
    """Wait for other loads to finish, and keep them out until the transaction ends.

    Readers are not blocked.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))
