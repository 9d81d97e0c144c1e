"""Where a building begins: the door or estate that its rooms are entered in."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from address_model.plate_text import LONGEST
from service.admin.address.action_form import WRITE
from service.admin.address.field_reader import Refused, find_other
from service.admin.answer import see_other, show, staff_pages
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.core.web import ReadSession

router = staff_pages()
Writer = Annotated[StaffMember, staff(WRITE)]


@router.get("/admin/buildings/new")
def new_building(
    request: Request,
    session: ReadSession,
    member: Writer,
    at: Annotated[str, Query(max_length=LONGEST)] = "",
) -> Response:
    """Ask for the door or estate; one that is found opens the form on its page."""
    problem = ""
    if at.strip():
        try:
            held = find_other(session, member, at, WRITE)
            return see_other(f"/admin/addresses/{held.code}?do=build#doing")
        except Refused as fault:
            problem = fault.text
    return show(request, member, "addresses/building.html", at=at, problem=problem)
