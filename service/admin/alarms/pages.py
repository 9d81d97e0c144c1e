"""Pages of alarms: the list of a division, one with its figures, closing it with what was found."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.alarms import ALARM_RULE_NAMES, FINDINGS
from address_model.work import WORK_KIND_NAMES, WorkKind
from service.admin.address.queries.facts import find_display_names
from service.admin.alarms.daily_bars import draw_bars
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.admin.work_items.pages_item import join_reason
from service.alarms import commands
from service.alarms.queries.alarms import AlarmRow, get_alarm, list_alarms
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.clock import today
from service.core.database import LARGEST_NUMBER, Session
from service.core.errors import AlarmNotFound
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession

router = staff_pages()
READ, WRITE = Permission.WORK_ITEMS_READ, Permission.WORK_ITEMS_WRITE
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
LIST = "/admin/alarms"
PAGE = 50


@router.get(LIST)
def alarms(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    rule: str = "",
    closed: str = "",
    after: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Response:
    """The alarms of a division, newest first: which rule, with which figures."""
    reach = scope_of(session, member, READ, division)
    kept = rule if rule in ALARM_RULE_NAMES else ""
    found = list_alarms(
        session, reach.prefix, is_open=not closed, rule=kept, after=after, limit=PAGE + 1
    )
    shown, following = page_of(found, PAGE, attrgetter("id"))
    narrowed = {"division": reach.division, "rule": kept, "closed": closed, "after": following}
    return show(
        request,
        member,
        "alarms/list.html",
        listed=[(one, draw_bars(one.figures.by_day)) for one in shown],
        reach=reach,
        rule=kept,
        closed=closed,
        rules=ALARM_RULE_NAMES,
        today=today(),
        more=f"{LIST}?{urlencode(narrowed)}" if following else "",
    )


@router.get(LIST + "/{number}")
def alarm(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One alarm: why it was raised, its figures, and what was found."""
    found = see_alarm(session, member, number)
    people = {Actor.parse(found.closed_by).name, found.assignee}
    return show(
        request,
        member,
        "alarms/alarm.html",
        alarm=found,
        bars=draw_bars(found.figures.by_day),
        may_write=may(member, WRITE, found.division),
        may_see_plates=may(member, Permission.PLATES_READ, found.division),
        people=find_display_names(session, people),
        findings=FINDINGS,
        kind=WORK_KIND_NAMES[WorkKind.ALARM],
        today=today(),
    )


@router.post(LIST + "/{number}/close")
def close(
    session: WriteSession,
    member: Writer,
    number: int,
    *,
    seen: Seen,
    finding: Annotated[str, Form(min_length=1, max_length=200)],
    note: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Close it, and its work item, with what was found."""
    require(member, WRITE, see_alarm(session, member, number).division)
    commands.close_alarm(session, number, join_reason(finding, note), member.actor, seen=seen)
    return see_other(f"{LIST}/{number}")


def see_alarm(session: Session, member: StaffMember, number: int) -> AlarmRow:
    """The alarm of a number in the person's divisions.

    Raises:
        AlarmNotFound: there is none, or it lies elsewhere.
    """
    found = get_alarm(session, number)
    if not may(member, READ, found.division):
        raise AlarmNotFound("no alarm in your divisions has this number")
    return found
