"""Adds the calls that a process has counted to those that all processes share."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

_SHARE = text(
    "insert into request_count as held (kind, who, count, started_at) "
    "select kind, convert_to(who, 'UTF8'), count, now() from unnest("
    "cast(:kinds as text[]), cast(:whos as text[]), cast(:counts as int[])) as n(kind, who, count) "
    "on conflict (kind, who) do update set count = held.count + excluded.count "
    "returning kind, convert_from(who, 'UTF8'), count"
)


class CountedCalls(NamedTuple):
    """Calls of a kind by one (a grant in a minute or on a day)."""

    kind: str
    who: str
    calls: int


def share_counts(session: Session, counted: Sequence[CountedCalls]) -> dict[tuple[str, str], int]:
    """Add counts to those of all processes; return the sums by kind and ``who``."""
    columns = {
        "kinds": [one.kind for one in sorted(counted)],
        "whos": [one.who for one in sorted(counted)],
        "counts": [one.calls for one in sorted(counted)],
    }
    return {(kind, who): count for kind, who, count in session.execute(_SHARE, columns)}
