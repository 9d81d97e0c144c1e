"""Joins a report to another of the same thing, with which it is answered."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from address_model.tables import Report
from address_model.work import WorkState
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import Conflict
from service.reports.policies import require_joinable
from service.reports.queries import ReportRow, get_report, list_reports_of
from service.worklists.commands import cancel_item
from service.worklists.queries import get_item


def join_report(
    session: Session, number: str, to: str, actor: Actor, *, seen: int | None = None
) -> ReportRow:
    """Join a report, with those joined to it, to another; the work about it alone is cancelled.

    Raises:
        ReportNotFound: there is no such report.
        Outdated: it has changed since ``seen``.
        Conflict: one of the two is answered or joined already, they lie in two townships, or they
            are one.
    """
    items = {one: get_report(session, one).work_item for one in (number, to)}
    for item in sorted({item for item in items.values() if item is not None}):
        get_item(session, item, lock=True)
    both = or_(Report.number.in_([number, to]), Report.joined_to == number)
    lock = select(Report.number).where(both).order_by(Report.number)
    session.execute(lock.with_for_update(key_share=True))
    own, other = get_report(session, number), get_report(session, to)
    require_seen(session, own.record, seen)
    require_joinable(own, other)
    if {number: own.work_item, to: other.work_item} != items:
        raise Conflict("one of the two was opened again meanwhile", zh="刚刚有人改过，请刷新。")
    session.execute(
        update(Report)
        .where(or_(Report.number == number, Report.joined_to == number))
        .values(joined_to=to, work_item=other.work_item, state=str(other.state))
    )
    audit.record(session, actor=actor, action="reports:join", subject=number, to=to)
    left = own.work_item if own.work_item != other.work_item else None
    if left is not None and get_item(session, left).state == WorkState.OPEN:
        alone = not list_reports_of(session, left, is_open=True)
        if alone:
            cancel_item(session, left, f"并入居民报告 {to}", actor)
    return get_report(session, number)
