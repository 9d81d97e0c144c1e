"""Where nothing of the desk is: its own page says so, in its frame and with its search field."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response
from starlette.convertors import PathConvertor, register_url_convertor

from service.admin.answer import show, staff_pages
from service.auth.guards import signed_in
from service.auth.members import StaffMember

router = staff_pages()
HEADING = "没有这个页面"
ADVICE = "网址可能输错了，或者链接是旧的。可以从上面的栏目进入，或在查找框里找地址、编码、街路。"


class UnslashedPath(PathConvertor):
    """A path that does not end in a slash: of the others, scans.pages takes the slash away."""

    regex = ".*[^/]"


register_url_convertor("unslashed", UnslashedPath())


@router.get("/admin/{rest:unslashed}")
def missing(request: Request, member: Annotated[StaffMember, signed_in()], rest: str) -> Response:
    """The page of a path that no page has; whoever is signed out is asked to sign in first."""
    return show(
        request,
        member,
        "fault.html",
        status_code=HTTPStatus.NOT_FOUND,
        heading=HEADING,
        advice=ADVICE,
        detail="",
    )
