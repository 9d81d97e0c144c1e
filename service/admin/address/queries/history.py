"""Reads the history of an address or a work item from the audit chain and the change feed.

The chain names who did what to one record; bulk work stands there as one entry for all its records,
which only the feed names one by one. Both are written at the end of the same transaction, the chain
first and under a lock, so the entry before a change is that of its own transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes.events import Subject
from service.core.paging import join_cursor, split_cursor

AUDIT, FEED = "audit", "feed"
TOGETHER = timedelta(seconds=5)
"""An entry and a change further apart are not of one transaction."""

_EVENTS = text("""
with keys as (
  select key, subject
  from unnest(cast(:keys as text[]), cast(:subjects as text[])) as k(key, subject)
)
select * from (
  select e.at, 'audit' as kind, e.position, e.actor, e.action, e.subject, e.detail
  from keys k join audit_entry e on e.subject = k.key
    and (k.subject <> 'work_item' or e.action like 'work_items:%')
  where (e.at, 'audit', e.position) < (cast(:at as timestamptz), :kind, cast(:position as bigint))
  union all
  select c.at, 'feed', c.position, '', c.action, c.key, '{}'
  from keys k join change c on c.subject = k.subject and c.key = k.key
  where (c.at, 'feed', c.position) < (cast(:at as timestamptz), :kind, cast(:position as bigint))
  and not exists (
    select from audit_entry e where e.subject = c.key
    and (k.subject <> 'work_item' or e.action like 'work_items:' || left(c.action, 4) || '%')
    and e.at between c.at - interval '1 second' and c.at
  )
) events
order by at desc, kind desc, position desc limit :limit
""")
"""Changes that an entry of their own record tells are left out. Numbers of work items are those of
other records too; the first four letters tell assigned by ``work_items:assign``."""

_BULK = text("""
with recursive asked as (
  select at, n from unnest(cast(:moments as timestamptz[])) with ordinality as a(at, n)
), search(n, at, low, high) as (
  select n, at, cast(0 as bigint), (select last from feed_counter where name = 'audit') from asked
  union all
  select s.n, s.at, case when e.at <= s.at then m.middle else s.low end,
    case when e.at <= s.at then s.high else m.middle - 1 end
  from search s cross join lateral (select (s.low + s.high + 1) / 2 as middle) m
  join audit_entry e on e.position = m.middle
  where s.low < s.high
)
select s.n, e.position, e.at, e.actor, e.action, e.detail
from search s join audit_entry last on last.position = s.low
join audit_entry e on e.position between s.low - 20 and s.low and e.at = last.at
where s.low = s.high order by s.n, e.position desc
""")
"""The entries before a moment by bisection of the positions: the chain has no index of times."""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to a record; ``detail`` is the entry's.

    ``is_single`` says that the chain has an entry about this record alone; else ``together`` is the
    detail of the entry about all.
    """

    at: datetime
    position: int
    actor: str
    action: str
    subject: str
    is_single: bool
    detail: dict[str, Any] = field(default_factory=dict)
    together: dict[str, Any] = field(default_factory=dict)

    @property
    def cursor(self) -> str:
        """The cursor after this event."""
        return join_cursor(self.at.isoformat(), AUDIT if self.is_single else FEED, self.position)


def list_events(
    session: Session, records: Mapping[str, Subject], *, after: str = "", limit: int = 30
) -> list[HistoryEvent]:
    """What happened to records (addresses, plates, work items, by their keys), newest first.

    Raises:
        BadRequest: ``after`` is no cursor of this list.
    """
    at, kind, position = "infinity", "", 0
    if after:
        moment, kind, position = split_cursor(after, datetime.fromisoformat, str, int)
        at = moment.isoformat()
    values = {"keys": list(records), "subjects": [*map(str, records.values())], "limit": limit}
    values |= {"at": at, "kind": kind, "position": position}
    rows = session.execute(_EVENTS, values).all()
    events = [
        HistoryEvent(at, position, actor, action, subject, kind == AUDIT, dict(detail))
        for at, kind, position, actor, action, subject, detail in rows
    ]
    # Events of the feed get the actor of the bulk entry that made them.
    places = [place for place, event in enumerate(events) if not event.is_single]
    if not places:
        return events
    moments = [events[place].at for place in places]
    entries: dict[int, list[Any]] = {}
    for row in session.execute(_BULK, {"moments": moments}):
        entries.setdefault(row.n, []).append(row)
    for number, place in enumerate(places, start=1):
        event = events[place]
        near = [e for e in entries.get(number, ()) if event.at - e.at < TOGETHER]
        if near:
            action = event.action
            told = (_TOLD.get(action), f"plates:{action}", f"work_items:{action}")
            entry = next((e for e in near if e.action in told), near[0])
            events[place] = replace(event, actor=entry.actor, together=dict(entry.detail))
    return events


_TOLD = {
    "new": "addresses:enter",
    "gated": "addresses:gate",
    "corrected": "addresses:follow",
    "positioned": "addresses:set_positions",
    "assigned": "work_items:assign",
    "postponed": "work_items:postpone",
}
"""By a change of the feed: the bulk entry that tells of it."""
