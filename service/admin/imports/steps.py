"""A step of an import: taken in the version that was seen, and shown on its page if refused."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import see_other
from service.admin.imports.answer import show_upload
from service.audit.policies import require_seen
from service.auth.members import StaffMember
from service.core.errors import MenpaiError, NotFound, Outdated
from service.core.web import database_of
from service.imports.uploads.queries import UploadRow, see_upload


def take_step(
    request: Request,
    member: StaffMember,
    where: tuple[int, int],
    step: Callable[[UploadRow], None],
    back: str = "",
) -> Response:
    """Take a step of an import, given by number and version seen, and return to its page.

    ``back`` is the part of its page that is returned to. Each step opens its own transactions: the
    importer commits as it goes.
    """
    number, seen = where
    with database_of(request).reading() as session:
        held = see_upload(session, number, member)
        require_seen(session, held.record, seen)
    try:
        step(held)
    except (Outdated, NotFound):
        raise
    except MenpaiError as fault:
        with database_of(request).reading() as session:
            now = see_upload(session, number, member)
            return show_upload(request, session, member, now, fault=fault)
    return see_other(f"/admin/imports/{number}{back}")
