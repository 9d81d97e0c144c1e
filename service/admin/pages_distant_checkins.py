"""Check-ins recorded more than 50 m from the registered point, for officers to review."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from address_model.inspections import EVENT_NAMES, FAR_M
from service.admin.answer import show, staff_pages
from service.admin.scope import scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.paging import page_of
from service.core.web import ReadSession
from service.plates.queries.events import list_far_events

router = staff_pages()
READ = Permission.INSPECTIONS_READ
PAGE = 50


@router.get("/admin/work-items/far")
def distant_check_ins(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, staff(READ)],
    *,
    division: str = "",
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
