"""The page to pick a division level by level, for forms that send; lists have the same fields."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.core.web import ReadSession

router = staff_pages()
HOME = "/admin"


@router.get("/admin/divisions")
def divisions(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, staff(Permission.ADDRESSES_READ)],
    division: PickedDivision,
    *,
    need: Permission = Permission.ADDRESSES_READ,
    back: Annotated[str, Query(alias="to")] = HOME,
) -> Response:
    """The parts of a division within those where the person has a permission.

    ``to`` is the page that the picked division is for.
    """
    require(member, need)
    own = back.startswith(f"{HOME}/") and back.isprintable() and not set(back) & set("?#\\")
    reach = scope_of(session, member, need, division)
    return show(request, member, "divisions.html", reach=reach, to=back if own else HOME)
