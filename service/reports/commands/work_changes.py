"""Moves reports with the work about them: given out, done, cancelled, opened again, moved."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from address_model.report_answers import OF_PLATES, ReadyAnswer, answer_of
from address_model.reports import CLOSED, OPEN, Feedback, ReportState
from address_model.tables import Plate, Report, WorkItem
from address_model.work import WorkState
from service.audit import commands as audit
from service.changes.events import Action
from service.core.actor import Actor
from service.reports.commands.answers import close_reports, mark_assigned
from service.reports.queries import ReportRow, list_reports_of, read_report, select_reports
from service.worklists.commands import finish_item
from service.worklists.queries import get_item
from service.worklists.subscribers import WorkChange


def follow_work(session: Session, change: WorkChange) -> None:
    """Move the reports that changed work items are about; of settled plates, their reports too.

    A report whose work ends without solving it is received again, and waits for words at the desk.
    Call it with the items locked, as ``tell_subscribers`` does.
    """
    held = _lock_reports(session, change)
    numbers = [row.number for row in held if row.is_open]
    match change.action:
        case Action.ASSIGNED:
            mark_assigned(session, numbers, is_assigned=bool(change.told))
        case Action.CANCELLED:
            mark_assigned(session, numbers, is_assigned=False)
        case Action.DONE if change.keys:
            _settle_plates(session, [row for row in held if row.is_open], change)
        case Action.DONE:
            _close(session, [row for row in held if row.is_open], answer_of(change.told), change)
        case Action.OPENED:
            _open_again(session, [row for row in held if not row.is_open], change.actor)
        case Action.MOVED if numbers:
            session.execute(
                update(Report)
                .where(Report.number.in_(numbers), WorkItem.id == Report.work_item)
                .values(division=WorkItem.division, area_id=WorkItem.area_id)
            )


def _lock_reports(session: Session, change: WorkChange) -> list[ReportRow]:
    """The reports of the items, and the open ones of the plates and addresses, by number."""
    about: ColumnElement[bool] = Report.work_item.in_(change.numbers)
    if change.keys and change.told in OF_PLATES:
        codes = select(Plate.code).where(Plate.token.in_(change.keys))
        of_address = and_(Report.token.is_(None), Report.code.in_(change.keys))
        of_plate = and_(Report.token.in_(change.keys), Report.code.in_(codes))
        is_open = Report.state.in_([str(state) for state in OPEN])
        about = or_(about, and_(is_open, or_(of_plate, of_address)))
    statement = select_reports().where(about).order_by(Report.number)
    rows = session.execute(statement.with_for_update(of=Report, key_share=True))
    return list(map(read_report, rows))


def _settle_plates(session: Session, held: Sequence[ReportRow], change: WorkChange) -> None:
    """Answer what the work on a plate has solved; work whose last report that was is done."""
    answer = OF_PLATES.get(change.told)
    solved = [row for row in held if answer and row.kind in answer.kinds]
    if answer:
        _close(session, solved, answer, change)
    left = [row.number for row in held if row not in solved and row.work_item in change.numbers]
    mark_assigned(session, left, is_assigned=False)
    for number in sorted({row.work_item for row in solved if row.work_item}):
        if number in change.numbers or get_item(session, number).state != WorkState.OPEN:
            continue
        if not list_reports_of(session, number, is_open=True):
            finish_item(session, number, change.told, change.actor)


def _close(
    session: Session, held: Sequence[ReportRow], answer: ReadyAnswer, change: WorkChange
) -> None:
    close_reports(session, held, answer.state, answer.zh, change.actor)


def _open_again(session: Session, held: Sequence[ReportRow], actor: Actor) -> None:
    """Take back the answers that came with work that was not done, unless they were of use."""
    again = [row.number for row in held if row.feedback != Feedback.USEFUL]
    if not again:
        return
    session.execute(
        update(Report)
        .where(Report.number.in_(again), Report.state.in_([str(state) for state in CLOSED]))
        .values(state=str(ReportState.RECEIVED), answer="", closed_at=None, closed_by="")
    )
    for number in again:
        audit.record(session, actor=actor, action="reports:open", subject=number)
