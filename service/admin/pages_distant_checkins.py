"""Check-ins recorded more than 50 m from the registered point, for officers to review."""

from collections.abc import Iterator
from datetime import timedelta
from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from address_model.inspections import EVENT_NAMES, FAR_M
from service.admin.answer import show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import start_of_day
from service.core.database import Session
from service.core.paging import page_of
from service.core.web import ReadSession
from service.divisions.queries import find_names
from service.plates.queries.events import list_far_events

router = staff_pages()
READ = Permission.INSPECTIONS_READ
PAGE = 50
RECENT = timedelta(days=7)
MOST = 99


@router.get("/admin/work-items/far")
def distant_check_ins(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, staff(READ)],
    division: PickedDivision,
    *,
    after: str = "",
) -> Response:
    """Distant check-ins of a division, newest first."""
    reach = scope_of(session, member, READ, division)
    rows = list_far_events(session, division=reach.prefix, after=after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    more = urlencode({"division": reach.division, "after": following}) if following else ""
    return show(
        request,
        member,
        "work_items/far.html",
        rows=shown,
        more=more,
        reach=reach,
        allowed=round(FAR_M),
        event_names=EVENT_NAMES,
    )


def list_waiting_check_ins(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The distant check-ins of the last days, for those who look after figures at a desk."""
    scopes = member.scopes(Permission.STATISTICS_READ)
    names = find_names(session, [scope.ljust(12, "0") for scope in scopes if scope])
    since = start_of_day() - RECENT
    for scope in scopes:
        found = list_far_events(session, division=scope, since=since, limit=MOST + 1)
        if not found:
            continue
        code = scope.ljust(12, "0") if scope else ""
        count = f"{MOST} 次以上" if len(found) > MOST else f"{len(found)} 次"
        yield WaitingWork(
            WorkGroup.FIELD,
            "打卡",
            names.get(code, "全部区划"),
            f"/admin/work-items/far?division={code}",
            "核实",
            f"近 {RECENT.days} 天打卡位置异常（超过 {FAR_M:.0f} 米）{count}",
            since=found[-1].event.recorded_at,
        )
