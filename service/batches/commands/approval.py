"""Approval of a batch: submitted, approved, or sent back to its author."""

from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind
from address_model.lifecycle import BatchStatus
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft
from service.approvals.policies import require_agreed
from service.approvals.queries import ApprovalRow, find_latest
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.batches import policies
from service.batches.commands.states import hold_batch, move_batch
from service.batches.queries.approval_digest import digest_batch
from service.batches.queries.batches import BatchRow, require_number
from service.core.errors import Conflict

KIND = ApprovalKind.PLATE_BATCH


def submit_batch(
    session: Session,
    batch_id: int,
    member: StaffMember,
    *,
    approval_above: int,
    seen: int | None = None,
) -> BatchRow:
    """Submit a batch: it awaits approval, or is approved at once if it is small.

    What its author had approved that way today counts with it, so that a large batch cannot be
    split. Up to ``approval_above`` plates per day need no approval.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it is not a draft, or all of it was left out.
        DeadHost: as for ``choose_batch``; also on approving, starting and resuming it.
    """
    require_number(batch_id)
    author = approvals.hold_author(session, member.actor)
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_CREATE, batch.division)
    policies.require_batch_step(batch, BatchStatus.AWAITING_APPROVAL)
    if not batch.to_make:
        raise Conflict(
            f"batch {batch_id} has no address left", zh="名单里的地址都移出了，没有可制作的门牌。"
        )
    digest = digest_batch(session, batch_id)
    draft = RequestDraft(KIND, str(batch_id), batch.division, batch.to_make, digest)
    alone = approvals.request_approval(session, draft, author, approval_above=approval_above)
    state = BatchStatus.APPROVED if alone else BatchStatus.AWAITING_APPROVAL
    return move_batch(session, batch, state, member.actor, "submit", digest=digest)


def approve_batch(
    session: Session,
    batch_id: int,
    member: StaffMember,
    *,
    seen: int | None = None,
    agreed: str = "",
) -> BatchRow:
    """Approve somebody else's batch; ``agreed`` is the digest of what the person has read.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it does not await approval, or differs from what was read.
    """
    batch, request = _hold_awaiting(session, batch_id, member, seen)
    policies.require_batch_step(batch, BatchStatus.APPROVED)
    stands = digest_batch(session, batch_id, request.asked_at)
    approvals.approve(session, request, member, stands, agreed)
    return move_batch(
        session, batch, BatchStatus.APPROVED, member.actor, "approve", digest=request.digest
    )


def send_back_batch(
    session: Session,
    batch_id: int,
    reason: str,
    member: StaffMember,
    *,
    seen: int | None = None,
) -> BatchRow:
    """Send somebody else's batch back (退回): its author may change it and submit it again.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it does not await approval.
        BadRequest: the reason is empty.
    """
    batch, request = _hold_awaiting(session, batch_id, member, seen)
    approvals.send_back(session, request, member, reason)
    return move_batch(
        session, batch, BatchStatus.DRAFT, member.actor, "send_back", reason=reason.strip()
    )


def require_approved(session: Session, batch: BatchRow) -> None:
    """Refuse to make a batch, which is held, unless it is exactly what was approved.

    Raises:
        Conflict: it is not approved, or differs from what was.
    """
    latest = find_latest(session, KIND, str(batch.id))
    stands = digest_batch(session, batch.id, latest.asked_at) if latest else ""
    require_agreed(latest, f"batch {batch.id}", stands, batch.to_make)


def _hold_awaiting(
    session: Session, batch_id: int, member: StaffMember, seen: int | None
) -> tuple[BatchRow, ApprovalRow]:
    require_number(batch_id)
    approvals.hold_request(session, KIND, str(batch_id))
    batch = hold_batch(session, batch_id, seen)
    policies.require_approver(batch, member)
    request = find_latest(session, KIND, str(batch_id))
    if batch.status != BatchStatus.AWAITING_APPROVAL or request is None:
        raise Conflict(
            f"batch {batch_id} is {batch.status}, not awaiting approval",
            zh=f"这个批次现在是“{policies.name_of(batch.status)}”，不在等待审批。",
        )
    return batch, request
