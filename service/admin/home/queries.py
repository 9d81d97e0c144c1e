"""Reads what was done lately to the records of divisions, from the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

WINDOW = 2000
"""The newest entries of the chain that are looked at, whoever made them."""

_ACTS = text("""
select e.position, e.at, e.actor, e.action, e.subject, e.detail,
  coalesce(a.standard_text, o.standard_text, b.name, u.file_name, '') as title
from (
  select position, at, actor, action, detail, subject, split_part(subject, '…', 1) as first,
    case when subject ~ '^[0-9]{1,9}$' then subject::integer end as number
  from audit_entry
  where position > (select last from feed_counter where name = 'audit') - :window
  and action = any(:actions)
) e
left join address a on e.action like 'addresses:%' and a.code = e.first
left join plate p on e.action like 'plates:%' and p.token = e.first
left join address o on o.code = p.code
left join division d on d.id = coalesce(a.division_id, o.division_id)
left join plate_batch b on e.action like 'batches:%' and b.id = e.number
left join list_upload u on e.action like 'imports:%' and u.id = e.number
where e.at >= :since
and coalesce(d.code, b.division, u.division) like any(:reaches)
order by e.position desc limit :limit
""")


@dataclass(frozen=True, slots=True)
class RecentAct:
    """One entry of the chain; ``title`` names its record (of bulk work, the first)."""

    position: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    title: str

    @property
    def key(self) -> str:
        """The key of its record, of bulk work of the first."""
        return self.subject.partition("…")[0]

    @property
    def count(self) -> int:
        """The number of records."""
        return int(self.detail.get("count", 1)) if "…" in self.subject else 1


def list_recent_acts(
    session: Session,
    *,
    scopes: Sequence[str],
    actions: Sequence[str],
    since: datetime,
    limit: int,
) -> list[RecentAct]:
    """What was done since a moment to records of divisions with these prefixes, newest first.

    Among the newest ``WINDOW`` entries of the chain: a busy province sees its last hours.
    """
    values = {
        "window": WINDOW,
        "actions": list(actions),
        "since": since,
        "reaches": [f"{scope}%" for scope in scopes],
        "limit": limit,
    }
    return [RecentAct(*row) for row in session.execute(_ACTS, values)]
