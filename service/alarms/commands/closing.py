"""Closes an alarm with what was found."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.alarms.queries.alarms import AlarmRow, get_alarm
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import Conflict
from service.worklists.commands import finish_item

_CLOSE = text(
    "update alarm set finding = :finding, closed_by = :actor, closed_at = clock_timestamp() "
    "where id = :number"
)


def close_alarm(
    session: Session, number: int, finding: str, actor: Actor, *, seen: int | None = None
) -> AlarmRow:
    """Close an alarm by completing its work item, or itself where it has none.

    ``seen`` is ``AlarmRow.seen_version`` as the caller saw it, None skips the check. Other alarms
    of the same work item are closed with it.

    Raises:
        AlarmNotFound, Outdated: there is none, or it has changed since.
        Conflict: it is closed.
    """
    alarm = get_alarm(session, number)
    if alarm.work_item is not None:
        finish_item(session, alarm.work_item, finding, actor, seen=seen)
        return get_alarm(session, number)
    alarm = get_alarm(session, number, lock=True)
    require_seen(session, alarm.record, seen)
    if not alarm.is_open:
        raise Conflict(f"alarm {number} is closed", hint="there is nothing to do")
    values = {"number": number, "finding": finding, "actor": str(actor)}
    session.execute(_CLOSE, values)
    audit.record(session, actor=actor, action="alarms:close", subject=str(number), outcome=finding)
    return get_alarm(session, number)
