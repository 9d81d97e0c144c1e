"""Alarms that wait for a person: what scans say of plates in their divisions."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.alarms.queries.alarms import count_open_alarms
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.database import Session
from service.divisions.queries import find_names

DISPATCH = Permission.WORK_ITEMS_ASSIGN


def list_waiting_alarms(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The open alarms of each division in which a person gives out work."""
    scopes = member.scopes(DISPATCH)
    names = find_names(session, [scope.ljust(12, "0") for scope in scopes if scope])
    for scope in scopes:
        found = count_open_alarms(session, scope)
        if not found.count:
            continue
        code = scope.ljust(12, "0") if scope else ""
        yield WaitingWork(
            WorkGroup.FIELD,
            "疑点",
            f"{names.get(code, '全部区划')}的疑点",
            f"/admin/alarms?division={code}",
            "查看",
            f"扫码次数反常，{found.count:,} 件待查",
            since=found.since,
            due=found.first_due,
        )
