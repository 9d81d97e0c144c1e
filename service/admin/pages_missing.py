"""Where nothing of the desk is: its own page says so, in its frame and with its search field."""

from typing import Annotated

from fastapi.responses import Response

from service.admin.answer import staff_pages
from service.auth.guards import signed_in
from service.auth.members import StaffMember
from service.core.errors import NotFound

router = staff_pages()


@router.get("/admin/{rest:path}")
def missing(rest: str, _: Annotated[StaffMember, signed_in()]) -> Response:
    """Refuse a path that no page has; whoever is signed out is asked to sign in first.

    Raises:
        NotFound: always.
    """
    raise NotFound(
        f"there is no page /admin/{rest}",
        hint="start at /admin",
        zh="网址可能输错了，或者链接是旧的。可以从上面的栏目进入，或在查找框里找地址、编码、街路。",
    )
