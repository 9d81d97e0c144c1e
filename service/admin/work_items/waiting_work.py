"""The work items that wait for a person, for the dashboard."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.database import Session
from service.divisions.queries import find_names
from service.worklists.queries import DueCount, WorkFilter, count_due

READ = Permission.WORK_ITEMS_READ


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
