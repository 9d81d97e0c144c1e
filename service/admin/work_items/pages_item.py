"""The page of one work item, and the forms by which it is given out, put off, closed, reopened."""

from datetime import date
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from address_model.codes import format_code
from address_model.report_answers import list_answers
from address_model.work import (
    CANCEL_REASONS,
    OUTCOMES,
    REOPEN_REASONS,
    WORK_KIND_NAMES,
    WORK_STATE_NAMES,
    WorkKind,
    WorkState,
)
from service.admin.address.queries.facts import find_display_names
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.work_items.guards import NOBODY
from service.admin.work_items.story import read_story
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.errors import WorkItemNotFound
from service.core.web import ReadSession, WriteSession
from service.reports.queries import list_reports_of
from service.scans.plate_page import map_links
from service.worklists import commands
from service.worklists.commands.orders import LONGEST_NOTE
from service.worklists.queries import WorkRow, get_item, list_holders, list_workers

router = staff_pages()
READ, WRITE = Permission.WORK_ITEMS_READ, Permission.WORK_ITEMS_WRITE
ASSIGN = Permission.WORK_ITEMS_ASSIGN
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
Dispatcher = Annotated[StaffMember, staff(ASSIGN)]
Text = Annotated[str, Form(max_length=200)]
Chosen = Annotated[str, Form(min_length=1, max_length=200)]
STATE_TONES = {WorkState.OPEN: "warn", WorkState.DONE: "good"}


@router.get("/admin/work-items/{number}")
def work_item(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One work item: what is to be done where, its story, and what can be done about it."""
    item = see_item(session, member, number)
    workers = [one for one in list_workers(session, item.division) if one.works_in(item.division)]
    reports = list_reports_of(session, item.id)
    if item.kind == WorkKind.REPORT:
        workers += list_holders(session, item.code)
    answers = [one.zh for one in list_answers(*(one.kind for one in reports))]
    return show(
        request,
        member,
        "work_items/item.html",
        item=item,
        home=f"/admin/work-items/{number}",
        kind=WORK_KIND_NAMES[WorkKind(item.kind)],
        state=WORK_STATE_NAMES[WorkState(item.state)],
        tone=STATE_TONES.get(WorkState(item.state), ""),
        code=format_code(item.code),
        is_open=item.state == WorkState.OPEN,
        is_late=item.state == WorkState.OPEN and item.due < today(),
        today=today(),
        people=find_display_names(session, {item.assignee}),
        workers=workers,
        reports=reports,
        may_see_reports=may(member, Permission.REPORTS_READ, item.division),
        links=map_links(item.point, item.place, item.standard_text) if item.point else None,
        story=read_story(session, item),
        may_assign=may(member, ASSIGN, item.division),
        may_write=may(member, WRITE, item.division),
        may_see_plates=may(member, Permission.PLATES_READ, item.division),
        outcomes=answers or OUTCOMES,
        cancel_reasons=CANCEL_REASONS,
        reopen_reasons=REOPEN_REASONS,
        longest=LONGEST_NOTE,
        nobody=NOBODY,
    )


@router.post("/admin/work-items/{number}/assign")
def assign(
    session: WriteSession, member: Dispatcher, number: int, *, seen: Seen, assignee: Chosen
) -> Response:
    """Give it to somebody, or to nobody."""
    own_item(session, member, number, ASSIGN)
    to = "" if assignee == NOBODY else assignee
    commands.assign_item(session, number, to, member.actor, seen=seen)
    return see_other(f"/admin/work-items/{number}")


@router.post("/admin/work-items/{number}/postpone")
def postpone(
    session: WriteSession,
    member: Dispatcher,
    number: int,
    *,
    seen: Seen,
    due: Annotated[date, Form()],
    reason: Text = "",
) -> Response:
    """Give it another due day."""
    own_item(session, member, number, ASSIGN)
    commands.postpone_item(session, number, due, reason.strip(), member.actor, seen=seen)
    return see_other(f"/admin/work-items/{number}")


@router.post("/admin/work-items/{number}/finish")
def finish(
    session: WriteSession,
    member: Writer,
    number: int,
    *,
    seen: Seen,
    outcome: Chosen,
    note: Text = "",
) -> Response:
    """Complete it, with the outcome."""
    own_item(session, member, number, WRITE)
    commands.finish_item(session, number, join_reason(outcome, note), member.actor, seen=seen)
    return see_other(f"/admin/work-items/{number}")


@router.post("/admin/work-items/{number}/cancel")
def cancel(
    session: WriteSession,
    member: Dispatcher,
    number: int,
    *,
    seen: Seen,
    reason: Chosen,
    note: Text = "",
) -> Response:
    """Cancel it, with the reason."""
    own_item(session, member, number, ASSIGN)
    commands.cancel_item(session, number, join_reason(reason, note), member.actor, seen=seen)
    return see_other(f"/admin/work-items/{number}")


@router.post("/admin/work-items/{number}/reopen")
def reopen(
    session: WriteSession,
    member: Dispatcher,
    number: int,
    *,
    seen: Seen,
    reason: Chosen,
    note: Text = "",
) -> Response:
    """Open it again, with the reason."""
    own_item(session, member, number, ASSIGN)
    commands.reopen_item(session, number, join_reason(reason, note), member.actor, seen=seen)
    return see_other(f"/admin/work-items/{number}")


@router.post("/admin/work-items/{number}/note")
def add_note(
    session: WriteSession,
    member: Writer,
    number: int,
    *,
    seen: Seen,
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> Response:
    """Note something about it."""
    own_item(session, member, number, WRITE)
    commands.note_item(session, number, note, member.actor, seen=seen)
    return see_other(f"/admin/work-items/{number}")


def see_item(session: ReadSession, member: StaffMember, number: int) -> WorkRow:
    """The item of a number in the person's divisions.

    Raises:
        WorkItemNotFound: there is none, or it lies elsewhere.
    """
    item = get_item(session, number)
    if not may(member, READ, item.division):
        raise WorkItemNotFound("no work item in your divisions has this number")
    return item


def own_item(
    session: WriteSession, member: StaffMember, number: int, permission: Permission
) -> None:
    """Refuse a person who may not do this to the item.

    Raises:
        WorkItemNotFound: there is none, or it lies in a division the person may not even read.
        NotAllowed: the person lacks the permission there.
    """
    require(member, permission, see_item(session, member, number).division)


def join_reason(chosen: str, note: str) -> str:
    """A reason of the list with what was added to it: 另有安排：下周随路灯改造."""
    return f"{chosen}：{note.strip()}" if note.strip() else chosen
