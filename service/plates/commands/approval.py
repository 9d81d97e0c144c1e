"""A batch on its way through approval: submitted, approved, or sent back to its author."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from address_model.lifecycle import BatchStatus
from address_model.tables import PlateBatch, StaffAccount
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.core.clock import start_of_day
from service.core.errors import BadRequest, Conflict
from service.plates import policies
from service.plates.commands.batches import NO_REASON, hold_batch, move_batch
from service.plates.queries.batches import BatchRow, require_number


def submit_batch(
    session: Session,
    batch_id: int,
    member: StaffMember,
    *,
    approval_above: int,
    seen: int | None = None,
) -> BatchRow:
    """Submit a batch: it awaits approval, or is approved at once when it is small.

    What its author has had approved so today counts with it: many small batches are a large one.

    Raises:
        BatchNotFound, NotAllowed, Conflict: it is no draft, or all of it was left out.
        DeadHost: see ``choose_batch``; so for approving, starting and resuming it.
    """
    _hold_author(session, batch_id)
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_CREATE, batch.division)
    large = _count_alone_today(session, batch) + batch.plates > approval_above
    state = BatchStatus.AWAITING_APPROVAL if large else BatchStatus.APPROVED
    if not batch.to_make:
        raise Conflict(
            f"batch {batch_id} has no address left", zh="名单里的地址都移出了，没有可制作的门牌。"
        )
    session.execute(
        update(PlateBatch)
        .where(PlateBatch.id == batch_id)
        .values(submitted_at=func.clock_timestamp(), sent_back="")
    )
    return move_batch(session, batch, state, member.actor, "submit")


def approve_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Approve a batch of somebody else.

    Raises:
        BatchNotFound, NotAllowed, Conflict: it does not await approval.
    """
    batch = _hold_awaiting(session, batch_id, member, seen)
    session.execute(
        update(PlateBatch)
        .where(PlateBatch.id == batch_id)
        .values(approver_id=member.account_id, approved_at=func.clock_timestamp())
    )
    return move_batch(session, batch, BatchStatus.APPROVED, member.actor, "approve")


def send_back_batch(
    session: Session,
    batch_id: int,
    reason: str,
    member: StaffMember,
    *,
    seen: int | None = None,
) -> BatchRow:
    """Send a batch of somebody else back (退回): its author may change it and submit it again.

    Raises:
        BatchNotFound, NotAllowed, Conflict: it does not await approval.
        BadRequest: no reason was given.
    """
    reason = reason.strip()
    if not reason:
        raise BadRequest(
            "a batch is sent back for a reason", mend="say what is to be changed", zh=NO_REASON
        )
    batch = _hold_awaiting(session, batch_id, member, seen)
    session.execute(update(PlateBatch).where(PlateBatch.id == batch_id).values(sent_back=reason))
    return move_batch(session, batch, BatchStatus.DRAFT, member.actor, "send_back", reason=reason)


def _hold_author(session: Session, batch_id: int) -> None:
    """Lock the account of the author: of two batches submitted at once the second counts both."""
    require_number(batch_id)
    author = select(PlateBatch.author_id).where(PlateBatch.id == batch_id).scalar_subquery()
    held = select(StaffAccount.id).where(StaffAccount.id == author)
    session.execute(held.with_for_update(key_share=True))


def _count_alone_today(session: Session, batch: BatchRow) -> int:
    """How many plates of its author's other batches went on today without a second person."""
    waiting = (BatchStatus.DRAFT, BatchStatus.AWAITING_APPROVAL, BatchStatus.CANCELLED)
    statement = select(func.coalesce(func.sum(PlateBatch.plates), 0)).where(
        PlateBatch.author_id == batch.author_id,
        PlateBatch.id != batch.id,
        PlateBatch.submitted_at >= start_of_day(),
        PlateBatch.approver_id.is_(None),
        PlateBatch.status.not_in(waiting),
    )
    return int(session.execute(statement).scalar_one())


def _hold_awaiting(
    session: Session, batch_id: int, member: StaffMember, seen: int | None
) -> BatchRow:
    batch = hold_batch(session, batch_id, seen)
    policies.require_approver(batch, member)
    if batch.status != BatchStatus.AWAITING_APPROVAL:
        raise Conflict(
            f"batch {batch_id} is {batch.status} and awaits no approval",
            zh=f"这个批次现在是“{policies.name_of(batch.status)}”，不在等待审批。",
        )
    return batch
