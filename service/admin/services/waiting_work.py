"""Facilities that wait for a person: residents are not shown them, because their address ended."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.database import Session
from service.service_items.queries import FacilityFilter, list_facilities

WRITE = Permission.SERVICES_WRITE
SHOWN = 5


def list_waiting_facilities(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The facilities of a person's divisions whose address is in force no longer."""
    for scope in member.scopes(WRITE):
        wanted = FacilityFilter(scope, is_troubled=True)
        rows = list_facilities(session, wanted, today(), limit=SHOWN + 1)
        for row in rows[:SHOWN]:
            path = f"/admin/facilities/{row.id}"
            yield WaitingWork(WorkGroup.DATA, "设施", row.name, path, "处理", row.trouble)
        if len(rows) > SHOWN:
            code = scope.ljust(12, "0") if scope else ""
            path = f"/admin/facilities?division={code}&trouble=1"
            yield WaitingWork(WorkGroup.DATA, "设施", "其余的便民设施", path, "全部")
