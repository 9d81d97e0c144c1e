"""Optimistic locking: a record may be changed only in the version that its editor saw."""

from sqlalchemy.orm import Session

from service.audit.queries import find_last_act
from service.core.actor import Actor
from service.core.clock import zone
from service.core.errors import Outdated
from service.core.records import Record


def require_seen(session: Session, record: Record, seen: int | None) -> None:
    """Refuse to change a record whose version is not the one its editor saw; lock it first.

    ``seen`` None is for jobs and bulk work, which change any version.

    Raises:
        Outdated: the version differs; names both, and who changed it when, if recorded.
    """
    if seen is None or seen == record.version:
        return
    last = find_last_act(session, record.resource, record.subject)
    who = ""
    if last is not None:
        name = Actor.parse(last.actor).name
        who = f"（最近一次办理：{name}，{last.at.astimezone(zone()):%Y-%m-%d %H:%M}）"
    raise Outdated(
        f"{record.title}: you saw version {seen}, the current version is {record.version}"
        + (f" ({record.summary})" if record.summary else ""),
        zh=f"{record.title} 在您看过以后改过：您看到的是第 {seen} 版，"
        f"现在是第 {record.version} 版{who}。" + (f"{record.summary}。" if record.summary else ""),
        seen=seen,
        record=record,
        changed_at=last.at if last else None,
    )
