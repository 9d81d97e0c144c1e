"""The dashboard after signing in: open work in the person's divisions, and their roles."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.auth.guards import signed_in
from service.auth.members import StaffMember
from service.auth.permissions import ROLE_NAMES, Permission
from service.batches.queries.batches import list_sent_back, list_to_approve
from service.core.clock import today
from service.core.web import ReadSession
from service.divisions.queries import find_names
from service.plates.queries.events import list_far_events
from service.worklists.queries import AreaWorkload, WorkFilter, list_area_loads

router = staff_pages()
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open work of one division by grid, the most urgent grid first."""

    division: str
    name: str
    loads: tuple[AreaWorkload, ...]

    @property
    def count(self) -> int:
        """The number of open items."""
        return sum(load.count for load in self.loads)


@router.get("/admin")
def home(
    request: Request, session: ReadSession, member: Annotated[StaffMember, signed_in()]
) -> Response:
    """The dashboard."""
    names = find_names(session, [a.division for a in member.assignments]) | {"": "全部区划"}
    roles = [(ROLE_NAMES[a.role], names.get(a.division, a.division)) for a in member.assignments]
    distant = [
        row
        for scope in member.scopes(Permission.INSPECTIONS_READ)
        for row in list_far_events(session, division=scope, limit=SHOWN)
    ]
    waiting = []
    for scope in member.scopes(Permission.WORK_ITEMS_READ):
        code = scope.ljust(12, "0") if scope else ""
        loads = list_area_loads(session, WorkFilter(division=scope))
        waiting.append(Waiting(code, names.get(code, code), tuple(loads)))
    return show(
        request,
        member,
        "home.html",
        roles=roles,
        waiting=waiting,
        to_approve=list_to_approve(
            session, member.account_id, member.scopes(Permission.BATCHES_APPROVE), SHOWN
        ),
        sent_back=list_sent_back(session, member.account_id, SHOWN),
        distant=sorted(distant, key=lambda row: row.event.recorded_at, reverse=True)[:SHOWN],
        shown=SHOWN,
        today=today(),
    )
