"""Reads the change feed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from address_model.tables import Change, FeedCounter
from service.core.errors import Gone

CHANGES_AFTER = (
    "select position, subject, key, action, version, division, at from change "
    "where position > %s order by position limit %s"
)
"""As ``list_changes``, for a plain connection."""

_PARTITIONS = text(
    "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid "
    "where i.inhparent = 'change'::regclass order by 1"
)
_WANTED = text(
    "select 'change_' || to_char((now() + make_interval(months => ahead)) at time zone 'UTC', "
    "'YYYY_MM') from generate_series(0, 1) as ahead"
)
_UNSORTED = text("select exists (select from change_default)")


class ChangeRow(NamedTuple):
    """One change; ``version`` is None if it was announced without one."""

    position: int
    subject: str
    key: str
    action: str
    version: int | None
    division: str
    at: datetime


class ChangesForgotten(Gone):
    """The changes after this position are no longer kept; start again with a new copy."""


def list_changes(
    session: Session, *, after: int, division: str = "", limit: int = 1000
) -> list[ChangeRow]:
    """The changes after a position, in commit order; of a division (code or prefix).

    Raises:
        ChangesForgotten: the next change is no longer kept, or the register is older than the
            position (restored from a backup).
    """
    require_kept(session, after)
    statement = (
        select(*(getattr(Change, name) for name in ChangeRow._fields))
        .where(Change.position > after)
        .order_by(Change.position)
        .limit(limit)
    )
    if division:
        statement = statement.where(Change.division.startswith(division, autoescape=True))
    return [ChangeRow(*row) for row in session.execute(statement)]


def get_last_position(session: Session) -> int:
    """The position of the newest change.

    In a snapshot it is the position of the snapshot.
    """
    return session.execute(
        select(FeedCounter.last).where(FeedCounter.name == "change")
    ).scalar_one()


def is_same_feed(one: Session, other: Session) -> bool:
    """Whether two databases hold the same feed, of which one may lag behind.

    They do if the last change that both have is the same.
    """
    position = min(get_last_position(one), get_last_position(other))
    known = select(Change.subject, Change.key, Change.at).where(Change.position == position)
    return one.execute(known).first() == other.execute(known).first()


def require_kept(session: Session, after: int) -> None:
    """Refuse to continue from a position after which changes are missing.

    Raises:
        ChangesForgotten: as ``list_changes``.
    """
    last = get_last_position(session)
    if after == last:
        return
    is_next_kept = select(Change.position).where(Change.position == after + 1)
    if after > last or session.scalar(is_next_kept) is None:
        first = session.scalar(select(func.min(Change.position)))
        kept = f"{first} to {last}" if first else "none"
        raise ChangesForgotten(
            f"the change after position {after} is no longer kept; kept are {kept}",
            hint="take a new copy, and continue from its position",
        )


def find_partition_fault(session: Session) -> str:
    """What is wrong with the partitions of the feed, or ""."""
    held = set(session.scalars(_PARTITIONS))
    missing = [name for name in session.scalars(_WANTED) if name not in held]
    if missing:
        return f"there is no partition {', '.join(missing)}"
    return "changes lie in change_default" if session.scalar(_UNSORTED) else ""


def list_partitions(session: Session) -> list[str]:
    """The names of the feed's partitions: ``change_2026_11`` for a month, ``change_default``."""
    return list(session.scalars(_PARTITIONS))
