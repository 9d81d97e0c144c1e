"""Reads the change feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.tables import Change, FeedCounter
from service.core.errors import Gone

_SINGLE = (
    "select c.position - c.size + k.n, c.subject, k.key, c.action, "
    "coalesce(k.version, c.version), c.division, c.at, c.left_division "
    "from {source} c cross join lateral "
    "unnest(coalesce(c.keys, array[c.key]), c.versions) with ordinality as k(key, version, n) "
    "where c.position > {after} and c.position - c.size + k.n > {after}{also} "
    "order by c.position, k.n limit {limit}"
)
CHANGES_AFTER = _SINGLE.format(source="change", after="%s", also="", limit="%s")
"""As ``list_changes``, for a plain connection; with the position twice, and the limit."""

_ONE_COLUMN = (
    "(select * from change where {column} between one.prefix and one.prefix || '~'{more} "
    "and position > :after{kinds} order by position limit :limit)"
)
"""Every code with the prefix: no digit sorts behind "~"; LIKE would not use the index."""

_IN_DIVISIONS = (
    "(select distinct on (found.position) found.* "
    "from unnest(cast(:scopes as text[])) as one(prefix) cross join lateral ("
    + _ONE_COLUMN.replace("{column}", "division").replace("{more}", "")
    + " union all "
    + _ONE_COLUMN.replace("{column}", "left_division").replace("{more}", " and left_division <> ''")
    + ") found order by found.position limit :limit)"
)
_FIRST_AFTER = text(
    "select position - size + 1 from change where position > :after order by position limit 1"
)
_MOMENT_OF = text("select at from change where position >= :position order by position limit 1")

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
    """One change; ``version`` is None if it was announced without one.

    ``left_division`` is the division that the record lay in before, if it has moved to another.
    """

    position: int
    subject: str
    key: str
    action: str
    version: int | None
    division: str
    at: datetime
    left_division: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes, and the position up to which there are no others of those wanted."""

    rows: list[ChangeRow]
    reached: int
    is_full: bool

    @property
    def is_idle(self) -> bool:
        """Whether it has no changes, and none are there yet to follow."""
        return not self.rows and not self.is_full


class ChangesForgotten(Gone):
    """The changes after this position are no longer kept; start again with a new copy."""


def list_changes(
    session: Session,
    *,
    after: int,
    scopes: Sequence[str] = ("",),
    kinds: Sequence[str] = (),
    before: int | None = None,
    limit: int = 1000,
) -> list[ChangeRow]:
    """The changes after a position, in commit order, of kinds and within division prefixes.

    A change is in a division if its record lies there, or has just left it.

    Raises:
        ChangesForgotten: the next change is no longer kept, or the register is older than the
            position (restored from a backup).
    """
    require_kept(session, after)
    of_kinds = " and subject = any(:kinds)" if kinds else ""
    also = of_kinds.replace("subject", "c.subject")
    if before is not None:
        also += " and c.position - c.size < :before and c.position - c.size + k.n < :before"
    source = "change" if "" in scopes else _IN_DIVISIONS.format(kinds=of_kinds)
    statement = _SINGLE.format(source=source, after=":after", also=also, limit=":limit")
    values = {"after": after, "scopes": [*scopes], "kinds": [*kinds], "before": before}
    found = session.execute(text(statement), values | {"limit": limit})
    return [ChangeRow(*row) for row in found]


def read_page(
    session: Session,
    *,
    after: int,
    before: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    scopes: Sequence[str] = ("",),
    kinds: Sequence[str] = (),
    limit: int = 1000,
) -> ChangePage:
    """A page of ``list_changes``, from one moment (inclusive) to another (exclusive).

    Raises:
        ChangesForgotten: as ``list_changes``.
    """
    last = get_last_position(session)
    if since is not None:
        after = max(after, find_position_before(session, since))
    if until is not None:
        end = find_position_before(session, until) + 1
        before = end if before is None else min(end, before)
    rows = list_changes(
        session, after=after, scopes=scopes, kinds=kinds, before=before, limit=limit
    )
    if len(rows) == limit:
        return ChangePage(rows, rows[-1].position, is_full=True)
    reached = last if before is None else min(last, before - 1)
    reached = max([after, reached, *(row.position for row in rows[-1:])])
    return ChangePage(rows, reached, is_full=False)


def find_position_before(session: Session, moment: datetime) -> int:
    """The position of the last change before a moment; 0 if none that is kept is as old.

    Moments rise with positions, because both are given under the feed's lock.
    """
    low, high = 0, get_last_position(session)
    while low < high:
        middle = (low + high + 1) // 2
        at = session.scalar(_MOMENT_OF, {"position": middle})
        if at is not None and at < moment:
            low = middle
        else:
            high = middle - 1
    return low


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
