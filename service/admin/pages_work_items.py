"""The page of work items for officers: what is due, where, when and for whom."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES, WorkKind, WorkState
from service.admin.answer import show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.database import Session
from service.core.paging import page_of
from service.core.web import ReadSession
from service.divisions.queries import find_names
from service.worklists.queries import DueCount, WorkFilter, count_due, list_items

router = staff_pages()
READ = Permission.WORK_ITEMS_READ
PAGE = 50


@router.get("/admin/work-items")
def work_items(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, staff(READ)],
    division: PickedDivision,
    *,
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


def list_waiting_items(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The open work of each division of a person; of a crew their own list, and all of theirs."""
    if member.scopes(Permission.PLATES_INSTALL):
        scopes = member.scopes(Permission.PLATES_INSTALL)
        mine = WorkFilter(assignee=member.name, scopes=scopes)
        for found in count_due(session, mine, today()).values():
            yield _line_of(found, "派给我的工单", "/crew?mine=1", "去现场")
    names = find_names(session, [s.ljust(12, "0") for s in member.scopes(READ) if s])
    for scope in member.scopes(READ):
        code = scope.ljust(12, "0") if scope else ""
        for found in count_due(session, WorkFilter(division=scope), today()).values():
            name = names.get(code, "全部区划")
            yield _line_of(found, f"{name}的工单", f"/admin/work-items?division={code}", "查看")


def _line_of(found: DueCount, whose: str, path: str, action: str) -> WaitingWork:
    late = f"，其中逾期 {found.overdue:,} 件" if found.overdue else ""
    detail = f"{found.open:,} 件待办{late}"
    return WaitingWork(WorkGroup.FIELD, "工单", whose, path, action, detail, due=found.first_due)
