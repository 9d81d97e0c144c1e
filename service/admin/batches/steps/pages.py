"""What is done with a batch by a button or a short form of its page."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from service.admin.answer import see_other, staff_pages
from service.admin.batches.own import own_batch
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.database import Session
from service.core.web import WriteSession, settings_of
from service.plates.commands import batches, delivering
from service.plates.queries.batches import BatchRow

router = staff_pages()
Author = Annotated[StaffMember, staff(Permission.BATCHES_CREATE)]
Printer = Annotated[StaffMember, staff(Permission.BATCHES_PRINT)]
Text = Annotated[str, Form()]
Step = Callable[[Session, int, StaffMember], BatchRow]

BUTTONS: dict[str, tuple[Permission, Step]] = {
    "approve": (Permission.BATCHES_APPROVE, batches.approve_batch),
    "start": (Permission.BATCHES_PRINT, batches.start_batch),
    "pause": (Permission.BATCHES_PRINT, batches.pause_batch),
    "resume": (Permission.BATCHES_PRINT, batches.resume_batch),
    "cancel": (Permission.BATCHES_CREATE, batches.cancel_batch),
    "receive": (Permission.BATCHES_PRINT, delivering.receive_batch),
}
"""Steps that ask nothing more: their last part of the path, who may, and what is done."""


def _add_button(name: str, permission: Permission, step: Step) -> None:
    def press(
        session: WriteSession, member: Annotated[StaffMember, staff(permission)], number: int
    ) -> Response:
        own_batch(session, member, number)
        step(session, number, member)
        return _back(number)

    router.add_api_route(f"/admin/batches/{{number}}/{name}", press, methods=["POST"], name=name)


for _name, (_permission, _step) in BUTTONS.items():
    _add_button(_name, _permission, _step)


@router.post("/admin/batches/{number}/submit")
def submit(request: Request, session: WriteSession, member: Author, number: int) -> Response:
    """Submit a batch; a large one awaits a colleague's approval."""
    own_batch(session, member, number)
    above = settings_of(request).batch_approval_above
    batches.submit_batch(session, number, member, approval_above=above)
    return _back(number)


@router.post("/admin/batches/{number}/leave-out")
def leave_out(
    session: WriteSession, member: Author, number: int, *, code: Text, reason: Text
) -> Response:
    """Take one address out of a draft or a blocked batch."""
    own_batch(session, member, number)
    batches.leave_out(session, number, code, reason.strip() or "不制作", member)
    return _back(number)


@router.post("/admin/batches/{number}/hand-over")
def hand_over(session: WriteSession, member: Printer, number: int, *, maker: Text) -> Response:
    """Note that the maker has the files; the plates are being made."""
    own_batch(session, member, number)
    delivering.hand_over_batch(session, number, maker, member)
    return _back(number)


def _back(number: int) -> Response:
    return see_other(f"/admin/batches/{number}")
