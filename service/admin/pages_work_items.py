"""The page of work items for officers: what is due, where, when and for whom."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES, WorkKind, WorkState
from service.admin.answer import show, staff_pages
from service.admin.scope import scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.paging import page_of
from service.core.web import ReadSession
from service.worklists.queries import WorkFilter, list_items

router = staff_pages()
READ = Permission.WORK_ITEMS_READ
PAGE = 50


@router.get("/admin/work-items")
def work_items(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, staff(READ)],
    *,
    division: str = "",
    kind: str = "",
    state: str = WorkState.OPEN,
    after: str = "",
) -> Response:
    """Work items of a division, by due day."""
    reach = scope_of(session, member, READ, division)
    kept_kind = WorkKind(kind) if kind in set(WorkKind) else None
    kept_state = state if state in set(WorkState) else WorkState.OPEN
    wanted = WorkFilter(division=reach.division, kind=kept_kind)
    rows = list_items(session, wanted, state=kept_state, after=after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    narrowed = {"division": reach.division, "kind": kept_kind or "", "state": kept_state}
    more = urlencode(narrowed | {"after": following}) if following else ""
    return show(
        request,
        member,
        "work_items/list.html",
        items=shown,
        more=more,
        reach=reach,
        kind=kept_kind,
        may_see_distant=may(member, Permission.INSPECTIONS_READ),
        state=kept_state,
        kinds=WORK_KIND_NAMES,
        states=WORK_STATE_NAMES,
        today=today(),
    )
