"""The review of an import by a second person: what it would store, approved or sent back."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.approvals import ApprovalKind
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.imports.answer import FILTERS, RowPage, take_step
from service.approvals.queries import find_latest
from service.audit.policies import require_seen
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.database import LARGEST_NUMBER
from service.core.web import ReadSession, WriteSession, database_of
from service.divisions.queries import find_names
from service.imports.commands import upload_review
from service.imports.uploads.queries import UploadRow, see_upload
from service.imports.uploads.queries.rows import count_to_store
from service.imports.uploads.states import STATE_NAMES, UploadState
from service.imports.uploads.words import FIELD_NAMES, OUTCOME_NAMES, SYSTEM_NAMES

router = staff_pages()
APPROVE = Permission.ADDRESSES_APPROVE
Reviewer = Annotated[StaffMember, staff(APPROVE)]
Writer = Annotated[StaffMember, staff(Permission.ADDRESSES_WRITE)]
After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER)]


@router.get("/admin/imports/{number}/review")
def review(
    request: Request,
    session: ReadSession,
    member: Reviewer,
    number: int,
    *,
    shown: Annotated[str, Query(alias="show")] = "",
    after: After = 0,
) -> Response:
    """What an import would store, for the person who approves it."""
    upload = see_upload(session, number, member, APPROVE)
    asked = find_latest(session, ApprovalKind.LIST_UPLOAD, str(upload.id))
    awaits = upload.state is UploadState.AWAITING_APPROVAL
    names = find_names(session, [upload.division]) if upload.division else {"": "全部区划"}
    return show(
        request,
        member,
        "imports/review.html",
        upload=upload,
        asked=asked,
        awaits=awaits,
        may_decide=awaits and asked is not None and asked.author_id != member.account_id,
        place=names.get(upload.division, upload.division),
        size=count_to_store(session, upload.id),
        counts=upload.result.get("counts", {}),
        shown=RowPage.read(session, upload, shown, after),
        states=STATE_NAMES,
        fields=FIELD_NAMES,
        systems=SYSTEM_NAMES,
        outcomes={one: OUTCOME_NAMES[one] for one in FILTERS},
    )


@router.post("/admin/imports/{number}/approve")
def approve(
    session: WriteSession,
    member: Reviewer,
    number: int,
    *,
    seen: Seen,
    agreed: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
) -> Response:
    """Approve a colleague's import, which is then stored; ``agreed`` is what the page showed."""
    upload = see_upload(session, number, member, APPROVE)
    require_seen(session, upload.record, seen)
    upload_review.approve_upload(session, upload, member, agreed=agreed)
    return see_other(f"/admin/imports/{number}/review")


@router.post("/admin/imports/{number}/send-back")
def send_back(
    session: WriteSession,
    member: Reviewer,
    number: int,
    *,
    seen: Seen,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Send a colleague's import back to its author, with a reason."""
    upload = see_upload(session, number, member, APPROVE)
    require_seen(session, upload.record, seen)
    upload_review.send_back_upload(session, upload, member, reason=reason)
    return see_other(f"/admin/imports/{number}/review")


@router.post("/admin/imports/{number}/withdraw")
def withdraw(request: Request, member: Writer, number: int, seen: Seen) -> Response:
    """Take an import back from approval, to change it."""

    def step(held: UploadRow) -> None:
        with database_of(request).session() as session:
            upload_review.withdraw_upload(session, held, member)

    return take_step(request, member, (number, seen), step)
