"""Takes what the sender of a report says of the answer; unsolved, it is worked on again, once."""

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from address_model.reports import Feedback, ReportState, level_above, reason_of
from address_model.tables import Report
from address_model.work import WorkKind
from service.addresses.queries import lock_addresses
from service.audit import commands as audit
from service.core.errors import Conflict
from service.plates.queries.locked_plates import lock_plate
from service.reports.commands.filing import RESIDENT
from service.reports.policies import (
    NotReportable,
    require_reportable,
    require_reportable_address,
)
from service.reports.queries import ReportRow, find_followed, get_report, unknown_report
from service.worklists.commands import hold_items, open_item
from service.worklists.drafts import WorkDraft


def give_feedback(session: Session, number: str, follow: str, feedback: Feedback) -> ReportRow:
    """Say once whether the answer helped; return the report as it is then.

    ``UNSOLVED`` opens new work, which the level above sees; not where the plate has ended
    meanwhile. Said again, it changes nothing.

    Raises:
        ReportNotFound: number or follow token is wrong.
        Conflict: there is no answer yet.
    """
    report = find_followed(session, number, follow)
    if report is None:
        raise unknown_report()
    if report.feedback == feedback:
        return report
    item = _open_again(session, report) if feedback is Feedback.UNSOLVED else None
    held = get_report(session, number, lock=True)
    if held.is_open or held.feedback:
        raise Conflict(
            f"report {number} takes no feedback",
            zh="这件报告还没有办好，或者您已经说过了。",
        )
    values: dict[str, object] = {"feedback": str(feedback)}
    if item is not None:
        values |= {
            "state": str(ReportState.RECEIVED),
            "work_item": item,
            "joined_to": None,
            "level": level_above(held.level),
            "risen_at": func.clock_timestamp(),
            "closed_at": None,
            "closed_by": "",
        }
    session.execute(update(Report).where(Report.number == number).values(**values))
    audit.record(
        session,
        actor=RESIDENT,
        action="reports:feedback",
        subject=number,
        feedback=str(feedback),
        work_item=str(item or ""),
    )
    return get_report(session, number)


def _open_again(session: Session, report: ReportRow) -> int | None:
    """Open the work of a report again; None where there is nothing to work on any more."""
    try:
        if report.token:
            require_reportable(lock_plate(session, report.token))
        else:
            require_reportable_address(lock_addresses(session, [report.code])[report.code])
    except NotReportable:
        return None
    reason = f"{reason_of(report.number, report.kind)}，答复后居民说没解决"
    hold_items(session, [report.token or report.code])
    draft = WorkDraft(WorkKind.REPORT, report.code, report.token, reason)
    return open_item(session, draft, RESIDENT)
