"""Reads the change feed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.tables import Change, FeedCounter
from service.core.errors import Gone

_AFTER = (
    "select c.position - c.size + k.n, c.subject, k.key, c.action, "
    "coalesce(k.version, c.version), c.division, c.at from change c cross join lateral "
    "unnest(coalesce(c.keys, array[c.key]), c.versions) with ordinality as k(key, version, n) "
    "where c.position > {after} and c.position - c.size + k.n > {after}{of_division} "
    "order by c.position, k.n limit {limit}"
)
CHANGES_AFTER = _AFTER.format(after="%s", of_division="", limit="%s")
"""As ``list_changes``, for a plain connection; with the position twice, and the limit."""

_LISTED = text(_AFTER.format(after=":after", of_division="", limit=":limit"))
_IN_DIVISION = "c.division between :scope{n} and :scope{n} || '~'"
"""Every code with this prefix: no digit sorts behind "~"; LIKE would not use the index."""
_FIRST_AFTER = text(
    "select position - size + 1 from change where position > :after order by position limit 1"
)

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
    session: Session, *, after: int, scopes: Sequence[str] = ("",), limit: int = 1000
) -> list[ChangeRow]:
    """The changes after a position, in commit order, within one of these division prefixes.

    Raises:
        ChangesForgotten: the next change is no longer kept, or the register is older than the
            position (restored from a backup).
    """
    require_kept(session, after)
    values: dict[str, object] = {"after": after, "limit": limit}
    statement = _LISTED
    if "" not in scopes:
        ranges = " or ".join(_IN_DIVISION.format(n=n) for n in range(len(scopes)))
        inside = f" and ({ranges or 'false'})"
        statement = text(_AFTER.format(after=":after", of_division=inside, limit=":limit"))
        values |= {f"scope{n}": prefix for n, prefix in enumerate(scopes)}
    return [ChangeRow(*row) for row in session.execute(statement, values)]


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
    following = session.scalar(_FIRST_AFTER, {"after": after})
    if following is None or following > after + 1:
        first = session.scalar(_FIRST_AFTER, {"after": 0})
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
