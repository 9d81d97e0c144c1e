"""Reads the change feed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Change, FeedCounter

LAST_POSITION = "select last from feed_counter where name = 'change'"
CHANGES_AFTER = (
    "select position, subject, key, action, division, at from change "
    "where position > %s order by position limit %s"
)
"""The same as ``get_last_position`` and ``list_changes``, for a line of its own."""


class ChangeRow(NamedTuple):
    """One change as readers see it."""

    position: int
    subject: str
    key: str
    action: str
    division: str
    at: datetime


def list_changes(session: Session, *, after: int, limit: int = 1000) -> list[ChangeRow]:
    """The changes behind a position, in commit order."""
    statement = (
        select(
            Change.position,
            Change.subject,
            Change.key,
            Change.action,
            Change.division,
            Change.at,
        )
        .where(Change.position > after)
        .order_by(Change.position)
        .limit(limit)
    )
    return [ChangeRow(*row) for row in session.execute(statement)]


def get_last_position(session: Session) -> int:
    """The position of the newest change."""
    return session.execute(
        select(FeedCounter.last).where(FeedCounter.name == "change")
    ).scalar_one()
