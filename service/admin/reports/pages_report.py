"""The page of one report: what was said, what was done, and the forms by which it is answered."""

from typing import Annotated, Any, Literal

from fastapi import Form, Request
from fastapi.responses import Response

from address_model.report_answers import list_answers
from address_model.reports import FEEDBACK_NAMES, KIND_NAMES, STATE_NAMES, ReportState
from address_model.work import WORK_STATE_NAMES, WorkState
from service.admin.address.queries.facts import find_display_names
from service.admin.answer import HEADERS, Seen, see_other, show, staff_pages
from service.admin.reports.changes import list_changes
from service.admin.reports.queries import list_joinable, see_around
from service.admin.reports.reference import READ, WRITE, own_report, path_of, see_report
from service.admin.reports.story import read_acts
from service.admin.reports.words import LEVEL_NAMES, TONES
from service.admin.work_items.guards import NOBODY
from service.admin.work_items.story import read_story
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import StoredFileNotFound
from service.core.files import open_files
from service.core.web import ReadSession, WriteSession, settings_of
from service.reports import commands
from service.reports.commands.answers import LONGEST_ANSWER
from service.reports.queries import list_joined
from service.worklists.queries import get_item, list_holders, list_workers

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
Words = Annotated[str, Form(max_length=LONGEST_ANSWER)]
REPORT = "/admin/reports/{number}"
_WORDS: dict[str, Any] = {
    "kinds": KIND_NAMES,
    "states": STATE_NAMES,
    "tones": TONES,
    "levels": LEVEL_NAMES,
    "feedback_names": FEEDBACK_NAMES,
    "work_states": WORK_STATE_NAMES,
    "open_work": WorkState.OPEN,
    "longest": LONGEST_ANSWER,
    "nobody": NOBODY,
}


@router.get(REPORT)
def report(request: Request, session: ReadSession, member: Reader, number: str) -> Response:
    """One report: what was said, the others joined to it, its work, and what can be done."""
    found = see_report(session, member, number)
    around = see_around(session, found)
    item = get_item(session, found.work_item) if found.work_item else None
    people = find_display_names(session, {around.assignee})
    workers = [one for one in list_workers(session, found.division) if one.works_in(found.division)]
    joined = list_joined(session, found.number)
    return show(
        request,
        member,
        "reports/report.html",
        report=found,
        around=around,
        item=item,
        home=path_of(found.number),
        joined=joined,
        joinable=[] if joined else list_joinable(session, found),
        acts=read_acts(session, found.number),
        story=read_story(session, item) if item else [],
        changes=list_changes(session, member, found),
        workers=[*workers, *list_holders(session, found.code)],
        people=people,
        may_write=may(member, WRITE, found.division),
        may_assign=may(member, Permission.WORK_ITEMS_ASSIGN, found.division),
        may_see_plates=may(member, Permission.PLATES_READ, found.division),
        done=list_answers(found.kind, state=ReportState.DONE),
        unfounded=list_answers(found.kind, state=ReportState.UNFOUNDED),
        **_WORDS,
    )


@router.get(f"{REPORT}/photo")
def photo(request: Request, session: ReadSession, member: Reader, number: str) -> Response:
    """The photo of a report, for the staff of its division alone.

    Raises:
        ReportNotFound, StoredFileNotFound: there is no such report there, or it has no photo.
    """
    found = see_report(session, member, number)
    if not found.photo:
        raise StoredFileNotFound("this report has no photo", zh="这件报告没有照片。")
    data = open_files(settings_of(request)).read(found.photo)
    return Response(data, headers=HEADERS, media_type="image/jpeg")


@router.post(f"{REPORT}/assign")
def assign(
    session: WriteSession,
    member: Writer,
    number: str,
    *,
    seen: Seen,
    assignee: Annotated[str, Form(min_length=1, max_length=200)],
) -> Response:
    """Give the work about it to somebody, or to nobody."""
    own_report(session, member, number)
    to = "" if assignee == NOBODY else assignee
    commands.assign_report(session, number, to, member.actor, seen=seen)
    return see_other(path_of(number))


@router.post(f"{REPORT}/answer")
def answer(
    session: WriteSession,
    member: Writer,
    number: str,
    *,
    seen: Seen,
    state: Annotated[Literal["done", "unfounded"], Form()],
    ready: Words = "",
    words: Words = "",
) -> Response:
    """Close it as done or unfounded, with words that its sender reads."""
    own_report(session, member, number)
    said = ready.strip() + words.strip()
    commands.answer_report(session, number, (ReportState(state), said), member.actor, seen=seen)
    return see_other(path_of(number))


@router.post(f"{REPORT}/join")
def join(
    session: WriteSession,
    member: Writer,
    number: str,
    *,
    seen: Seen,
    to: Annotated[str, Form(min_length=1, max_length=20)],
) -> Response:
    """Join it to another report of the same thing, with which it is answered."""
    own_report(session, member, number)
    other = own_report(session, member, to.strip().upper())
    commands.join_report(session, number, other.number, member.actor, seen=seen)
    return see_other(path_of(number))
