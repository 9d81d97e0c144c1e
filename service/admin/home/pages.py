"""The first page after signing in: what a person may do where, and what waits."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.auth.guards import signed_in
from service.auth.members import StaffMember
from service.auth.permissions import ROLE_NAMES
from service.core.web import ReadSession
from service.divisions.queries import find_names

router = staff_pages()


@router.get("/admin")
def home(
    request: Request, session: ReadSession, member: Annotated[StaffMember, signed_in()]
) -> Response:
    """The first page of the signed-in area."""
    names = find_names(session, [a.division for a in member.assignments])
    roles = [
        (ROLE_NAMES[a.role], names.get(a.division, a.division) or "全部区划")
        for a in member.assignments
    ]
    return show(request, member, "home.html", roles=roles)
