"""The steps of a batch that its page offers as buttons and short forms."""

from functools import partial
from typing import Annotated, Protocol

from fastapi import Form, Request
from fastapi.responses import Response

from service.admin.answer import Seen, see_other, staff_pages
from service.admin.batches.answer import show_batch
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.batches.commands import approval, batches, delivery
from service.batches.queries.batches import BatchRow, see_batch
from service.core.database import LARGEST_NUMBER, Session, discard
from service.core.errors import MenpaiError, Outdated
from service.core.web import WriteSession, settings_of

router = staff_pages()
Author = Annotated[StaffMember, staff(Permission.BATCHES_CREATE)]
Approver = Annotated[StaffMember, staff(Permission.BATCHES_APPROVE)]
Printer = Annotated[StaffMember, staff(Permission.BATCHES_PRINT)]
Text = Annotated[str, Form()]


class Step(Protocol):
    """A command that moves a batch."""

    def __call__(
        self, session: Session, batch_id: int, /, *, member: StaffMember, seen: int
    ) -> BatchRow:
        """Move the batch; return it as it is then."""


BUTTONS: dict[str, tuple[Permission, Step]] = {
    "start": (Permission.BATCHES_PRINT, batches.start_batch),
    "pause": (Permission.BATCHES_PRINT, batches.pause_batch),
    "resume": (Permission.BATCHES_PRINT, batches.resume_batch),
    "cancel": (Permission.BATCHES_CREATE, batches.cancel_batch),
    "remake": (Permission.BATCHES_PRINT, batches.remake_batch),
    "receive": (Permission.BATCHES_PRINT, delivery.receive_batch),
}
"""Steps without fields, by the last part of their path: permission and command."""


def _add_button(name: str, permission: Permission, step: Step) -> None:
    def post_step(
        request: Request,
        session: WriteSession,
        member: Annotated[StaffMember, staff(permission)],
        number: int,
        seen: Seen,
    ) -> Response:
        return _act(request, session, member, (number, seen), step)

    router.add_api_route(
        f"/admin/batches/{{number}}/{name}", post_step, methods=["POST"], name=name
    )


for _name, (_permission, _step) in BUTTONS.items():
    _add_button(_name, _permission, _step)


@router.post("/admin/batches/{number}/submit")
def submit(
    request: Request, session: WriteSession, member: Author, number: int, seen: Seen
) -> Response:
    """Submit a batch; a large one needs the approval of a colleague."""
    above = settings_of(request).batch_approval_above
    step = partial(approval.submit_batch, approval_above=above)
    return _act(request, session, member, (number, seen), step)


@router.post("/admin/batches/{number}/approve")
def approve(
    request: Request,
    session: WriteSession,
    member: Approver,
    number: int,
    *,
    seen: Seen,
    agreed: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Approve a colleague's batch; ``agreed`` is the digest of what the page showed."""
    step = partial(approval.approve_batch, agreed=agreed)
    return _act(request, session, member, (number, seen), step)


@router.post("/admin/batches/{number}/send-back")
def send_back(
    request: Request,
    session: WriteSession,
    member: Approver,
    number: int,
    *,
    seen: Seen,
    reason: Text = "",
) -> Response:
    """Send a batch back to its author, with a reason."""
    step = partial(approval.send_back_batch, reason=reason)
    return _act(request, session, member, (number, seen), step)


@router.post("/admin/batches/{number}/leave-out")
def leave_out(
    request: Request,
    session: WriteSession,
    member: Author,
    number: int,
    *,
    seen: Seen,
    code: Text = "",
    reason: Text = "",
    after: Annotated[int, Form(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Response:
    """Leave one address out of a draft or a blocked batch; return to that page of the list."""
    step = partial(batches.leave_out, code=code, reason=reason)
    return _act(request, session, member, (number, seen), step, after=after)


@router.post("/admin/batches/{number}/hand-over")
def hand_over(
    request: Request,
    session: WriteSession,
    member: Printer,
    number: int,
    *,
    seen: Seen,
    maker: Text = "",
    accepted: Text = "",
) -> Response:
    """Record that the maker has the files; ``accepted`` are tokens, parted by blanks."""
    step = partial(delivery.hand_over_batch, maker=maker, accepted=accepted.split())
    return _act(request, session, member, (number, seen), step)


def _act(
    request: Request,
    session: WriteSession,
    member: StaffMember,
    what: tuple[int, int],
    step: Step,
    *,
    after: int = 0,
) -> Response:
    """Run a step on a batch, given by number and version seen, and redirect to its page.

    A refusal is shown on that page.
    """
    number, seen = what
    see_batch(session, number, member, Permission.BATCHES_READ)
    try:
        step(session, number, member=member, seen=seen)
    except Outdated:
        raise
    except MenpaiError as error:
        discard(session)
        batch = see_batch(session, number, member, Permission.BATCHES_READ)
        return show_batch(request, session, member, batch, after=after, fault=error)
    path = f"/admin/batches/{number}"
    return see_other(f"{path}?after={after}#list" if after else path)
