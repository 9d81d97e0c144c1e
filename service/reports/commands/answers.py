"""Gives a report out, and answers it together with those that double it."""

from collections.abc import Sequence

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from address_model.reports import CLOSED, OPEN, ReportState, reason_of
from address_model.tables import Report
from address_model.work import WorkKind, WorkState
from service.addresses.queries import lock_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.queries import hold_account
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.reports.policies import require_report_transition, require_reportable_address
from service.reports.queries import (
    ReportRow,
    get_report,
    list_reports_of,
    lock_reports,
    unknown_report,
)
from service.worklists.commands import assign_item, finish_item, open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import get_item

LONGEST_ANSWER = 300


def assign_report(
    session: Session, number: str, assignee: str, actor: Actor, *, seen: int | None = None
) -> ReportRow:
    """Give the work of a report to an account (``""``: to nobody); return the report as it is then.

    All open reports of the same work item are given out with it, as ``follow_work`` sees to. Where
    the work has ended without an answer, new work is opened.

    Raises:
        ReportNotFound: there is no such report.
        Outdated: it has changed since ``seen``.
        Conflict: it is closed, its address has ended, or the person does not work there.
    """
    if assignee:
        hold_account(session, assignee)
    report = get_report(session, number)
    before = item = _item_of(report)
    if report.is_open and get_item(session, before).state != WorkState.OPEN:
        require_reportable_address(lock_addresses(session, [report.code])[report.code])
        reason = reason_of(number, report.kind)
        draft = WorkDraft(WorkKind.REPORT, report.code, report.token, reason)
        item = open_item(session, draft, actor)
    get_item(session, item, lock=True)
    held = _hold_report(session, number, before, seen)
    if not held[0].is_open:
        require_report_transition(held[0], ReportState.ASSIGNED)
    if item != before:
        moved = update(Report).where(Report.work_item == before, Report.state.in_(OPEN))
        session.execute(moved.values(work_item=item))
    assign_item(session, item, assignee, actor)
    audit.record(session, actor=actor, action="reports:assign", subject=number, to=assignee)
    return get_report(session, number)


def mark_assigned(session: Session, numbers: Sequence[str], *, is_assigned: bool) -> None:
    """Set open reports to assigned, or back to received; their work item is locked."""
    if not numbers:
        return
    after = ReportState.ASSIGNED if is_assigned else ReportState.RECEIVED
    written = update(Report).where(Report.number.in_(numbers), Report.state != str(after))
    session.execute(written.values(state=str(after)))


def answer_report(
    session: Session,
    number: str,
    answer: tuple[ReportState, str],
    actor: Actor,
    *,
    seen: int | None = None,
) -> ReportRow:
    """Close a report as done or unfounded, with words that its sender reads; return it then.

    Reports that double it get the same answer. The work item is completed with its last report.

    Raises:
        ReportNotFound: there is no such report.
        Outdated: it has changed since ``seen``.
        Conflict: it is closed already, or joined to another, which is to be answered instead.
        BadRequest: there are no words, or over ``LONGEST_ANSWER`` characters.
    """
    state, words = answer[0], answer[1].strip()
    if state not in CLOSED or not 0 < len(words) <= LONGEST_ANSWER:
        raise BadRequest(
            f"an answer closes a report in 1 to {LONGEST_ANSWER} characters",
            zh=f"请写明给居民的答复，最多 {LONGEST_ANSWER} 字。",
            field="answer",
        )
    item = _item_of(get_report(session, number))
    work = get_item(session, item, lock=True)
    held = _hold_report(session, number, item, seen)
    require_report_transition(held[0], state)
    if held[0].joined_to:
        raise Conflict(
            f"report {number} is joined to {held[0].joined_to}",
            zh=f"这件报告已并入 {held[0].joined_to}，请在那件上答复。",
        )
    close_reports(session, [row for row in held if row.is_open], state, words, actor)
    if work.state == WorkState.OPEN and not list_reports_of(session, item, is_open=True):
        finish_item(session, item, words, actor)
    return get_report(session, number)


def close_reports(
    session: Session, held: Sequence[ReportRow], state: ReportState, words: str, actor: Actor
) -> None:
    """Close locked reports, whose state allows it, with the same words."""
    if not held:
        return
    numbers = [row.number for row in held]
    session.execute(
        update(Report)
        .where(Report.number.in_(numbers))
        .values(
            state=str(state),
            answer=words,
            closed_at=func.clock_timestamp(),
            closed_by=str(actor),
        )
    )
    for row in held:
        audit.record(
            session,
            actor=actor,
            action="reports:answer",
            subject=row.number,
            before=str(row.state),
            after=str(state),
            answer=words,
        )


def _item_of(report: ReportRow) -> int:
    if report.work_item is None:
        raise Conflict(f"report {report.number} has no work item", zh="这件报告没有工单。")
    return report.work_item


def _hold_report(session: Session, number: str, item: int, seen: int | None) -> list[ReportRow]:
    """Lock a report and its doubles, whose work item is locked, and judge the version seen."""
    held = lock_reports(session, number)
    if not held or held[0].number != number:
        raise unknown_report()
    require_seen(session, held[0].record, seen)
    if held[0].work_item != item:
        raise Conflict(
            f"report {number} was reopened meanwhile", zh="这件报告刚刚重新办理，请刷新。"
        )
    return held
