"""A second person for large imports: submitted, approved, or sent back to the author.

Lock order: the author's account, the request, the list, its run.
"""

from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind, Decision
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft
from service.approvals.policies import require_agreed
from service.approvals.queries import ApprovalRow, find_latest
from service.audit import commands as audit
from service.auth.members import StaffMember
from service.core.actor import Actor
from service.core.errors import Conflict
from service.imports.commands.upload_runs import go_on_storing, queue_store
from service.imports.commands.uploads import hold_upload, set_state
from service.imports.uploads.queries import UploadRow, get_upload
from service.imports.uploads.queries.rows import count_to_store
from service.imports.uploads.states import UploadState
from service.runs.commands import Chunk

KIND = ApprovalKind.LIST_UPLOAD


def submit_upload(
    session: Session, upload: UploadRow, actor: Actor, *, approval_above: int
) -> bool:
    """Ask to store a checked list; True if that needs no second person.

    Up to ``approval_above`` addresses a day need none, and what was approved already as it stands,
    unless the register has changed so that it would store more.

    Raises:
        Outdated: somebody else has changed it.
        Conflict: it was not checked, or nothing of it is to be stored.
    """
    author = approvals.hold_author(session, actor)
    approvals.hold_request(session, KIND, str(upload.id))
    states = (UploadState.CHECKED, UploadState.STORING)
    held = hold_upload(session, upload, states)
    if held.state == UploadState.STORING:
        return True  # it was agreed to when that began
    latest = find_latest(session, KIND, str(upload.id))
    size = count_to_store(session, upload.id)
    is_agreed = latest and latest.decision == Decision.APPROVED and latest.digest == upload.digest
    if is_agreed and latest and size <= latest.size:
        return True
    if not size:
        raise Conflict(f"import {upload.id} has nothing to store", zh="没有要入库的行。")
    draft = RequestDraft(KIND, str(upload.id), upload.division, size, upload.digest)
    if approvals.request_approval(session, draft, author, approval_above=approval_above):
        return True
    _note(session, upload, actor, "submit", digest=upload.digest, size=size)
    set_state(session, held, UploadState.AWAITING_APPROVAL)
    return False


def submit_checked(session: Session, upload_id: int, chunk: Chunk, *, approval_above: int) -> None:
    """Let the run that has checked a list store it, or let it wait for a second person.

    A list of which nothing is to be stored stays checked.
    """
    if not count_to_store(session, upload_id):
        return
    author = Actor.parse(chunk.run.actor)
    upload = get_upload(session, upload_id)
    if submit_upload(session, upload, author, approval_above=approval_above):
        go_on_storing(session, get_upload(session, upload_id), chunk)


def approve_upload(
    session: Session, upload: UploadRow, member: StaffMember, *, agreed: str = ""
) -> int:
    """Approve somebody else's import, and queue its storing in the name of its author.

    ``agreed`` is the digest of what the person has read. Returns the number of the run.

    Raises:
        Outdated: somebody else has changed it.
        NotAllowed: it is the person's own, or the permission is missing.
        Conflict: it does not await approval, or differs from what was read.
    """
    request = _hold_awaiting(session, upload)
    approvals.approve(session, request, member, upload.digest, agreed)
    _note(session, upload, member.actor, "approve", digest=request.digest)
    author = Actor.parse(request.author)
    return queue_store(session, upload, author, before=UploadState.AWAITING_APPROVAL)


def send_back_upload(
    session: Session, upload: UploadRow, member: StaffMember, *, reason: str
) -> None:
    """Send somebody else's import back (退回): its author may mend it and submit it again.

    Raises:
        Outdated, NotAllowed, Conflict: as ``approve_upload``.
        BadRequest: the reason is empty.
    """
    request = _hold_awaiting(session, upload)
    approvals.send_back(session, request, member, reason)
    _note(session, upload, member.actor, "send_back", reason=reason.strip())
    held = hold_upload(session, upload, (UploadState.AWAITING_APPROVAL,))
    set_state(session, held, UploadState.CHECKED)


def withdraw_upload(session: Session, upload: UploadRow, member: StaffMember) -> None:
    """Take an import back before it is decided on, to change it.

    Raises:
        Outdated, Conflict: as ``approve_upload``.
    """
    approvals.hold_request(session, KIND, str(upload.id))
    held = hold_upload(session, upload, (UploadState.AWAITING_APPROVAL,))
    approvals.withdraw(session, KIND, str(upload.id), member)
    _note(session, upload, member.actor, "withdraw")
    set_state(session, held, UploadState.CHECKED)


def require_upload_agreed(session: Session, upload: UploadRow) -> None:
    """Refuse to store anything but what was agreed to, or went on alone.

    Raises:
        Conflict: it is not approved, or differs from what was.
    """
    latest = find_latest(session, KIND, str(upload.id))
    size = count_to_store(session, upload.id)
    require_agreed(latest, f"import {upload.id}", upload.digest, size)


def _hold_awaiting(session: Session, upload: UploadRow) -> ApprovalRow:
    approvals.hold_request(session, KIND, str(upload.id))
    hold_upload(session, upload, (UploadState.AWAITING_APPROVAL,))
    request = find_latest(session, KIND, str(upload.id))
    if request is None:
        raise Conflict(f"import {upload.id} was not submitted", zh="这份清单没有提交。")
    return request


def _note(session: Session, upload: UploadRow, actor: Actor, action: str, **detail: object) -> None:
    audit.record(
        session, actor=actor, action=f"imports:{action}", subject=str(upload.id), after=detail
    )
