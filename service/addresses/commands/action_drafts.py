"""Keeps forms of addresses: as drafts, in the bin, and before a second person who decides.

Lock order: the author's account, the request, the draft, then what the action itself locks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind
from address_model.tables import ActionDraft
from service.addresses.queries import AddressRow
from service.addresses.queries.action_drafts import (
    DRAFT_STATE_NAMES,
    ActionDraftRow,
    DraftState,
    get_draft,
)
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft
from service.approvals.policies import require_agreed
from service.approvals.queries import ApprovalRow, find_latest
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.core.errors import Conflict, NotAllowed

BINNED_FOR = timedelta(days=30)
"""So long a draft stays in the bin."""

KIND = ApprovalKind.ADDRESS_CHANGE


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form to keep: its action, what was typed, and the version of the address that was read.

    ``shown`` is what its author saw would follow, ``size`` how many addresses that touches.
    """

    action: str
    fields: Mapping[str, str]
    seen: int
    shown: Mapping[str, object] = field(default_factory=dict)
    size: int = 0


def keep_draft(session: Session, address: AddressRow, form: FilledForm, member: StaffMember) -> int:
    """Keep a form as the person's draft of this action, in place of an earlier one; its number.

    Drafts that have been in the bin for a month are deleted. The account is locked, so that a form
    that is sent twice at once is kept once.
    """
    approvals.hold_author(session, member.actor)
    old = delete(ActionDraft).where(
        ActionDraft.state == DraftState.BINNED,
        ActionDraft.binned_at < func.clock_timestamp() - BINNED_FOR,
    )
    session.execute(old)
    kept = select(ActionDraft).where(
        ActionDraft.account_id == member.account_id,
        ActionDraft.code == address.code,
        ActionDraft.action == form.action,
        ActionDraft.state == DraftState.DRAFT,
    )
    held = session.scalars(kept.with_for_update()).one_or_none()
    if held is None:
        held = ActionDraft(
            account_id=member.account_id,
            code=address.code,
            division=address.division_code,
            action=form.action,
            fields=dict(form.fields),
            seen=form.seen,
        )
        session.add(held)
    held.fields, held.seen = dict(form.fields), form.seen
    held.shown, held.size = dict(form.shown), form.size
    session.flush()
    _record(session, member, held, "keep")
    return held.id


def bin_draft(
    session: Session, number: int, member: StaffMember, *, seen: int | None = None
) -> None:
    """Put an own draft into the bin; a request about it is withdrawn.

    Raises:
        ActionDraftNotFound, Outdated: there is none, or it was changed in the meantime.
        NotAllowed: it is somebody else's.
        Conflict: it is done, or in the bin.
    """
    approvals.hold_request(session, KIND, str(number))
    states = (DraftState.DRAFT, DraftState.WAITING, DraftState.APPROVED)
    held = _hold_own(session, number, member, seen, *states)
    approvals.withdraw(session, KIND, str(number), member)
    held.state, held.binned_at = DraftState.BINNED, func.clock_timestamp()
    _record(session, member, held, "bin")


def restore_draft(
    session: Session, number: int, member: StaffMember, *, seen: int | None = None
) -> None:
    """Take an own draft out of the bin.

    Raises:
        ActionDraftNotFound, Outdated, NotAllowed: as ``bin_draft``.
        Conflict: it is not in the bin, or there is a newer draft of the same action.
    """
    approvals.hold_author(session, member.actor)
    held = _hold_own(session, number, member, seen, DraftState.BINNED)
    newer = select(ActionDraft.id).where(
        ActionDraft.account_id == held.account_id,
        ActionDraft.code == held.code,
        ActionDraft.action == held.action,
        ActionDraft.state == DraftState.DRAFT,
    )
    if session.scalar(newer) is not None:
        raise Conflict(
            f"there is a newer draft in place of {number}",
            zh="这个地址的同一种办理已经有新的草稿，请先丢弃新的。",
        )
    held.state, held.binned_at = DraftState.DRAFT, None
    _record(session, member, held, "restore")


def submit_draft(
    session: Session, address: AddressRow, form: FilledForm, member: StaffMember
) -> int:
    """Keep a form and ask a second person to agree to it; its number.

    Raises:
        Conflict: a request about it is open.
    """
    author = approvals.hold_author(session, member.actor)
    number = keep_draft(session, address, form, member)
    draft = get_draft(session, number)
    asked = RequestDraft(KIND, str(number), draft.division, form.size, draft.digest)
    approvals.request_approval(session, asked, author, approval_above=0)
    held = session.get_one(ActionDraft, number)
    held.state = DraftState.WAITING
    _record(session, member, held, "submit", size=form.size)
    return number


def approve_draft(
    session: Session, number: int, member: StaffMember, *, agreed: str, seen: int | None = None
) -> None:
    """Approve a colleague's change; ``agreed`` is the digest of what the person has read.

    Raises:
        ActionDraftNotFound, Outdated: there is none, or it was changed in the meantime.
        NotAllowed: it is the person's own, or the permission in its division is missing.
        Conflict: it does not wait for approval.
    """
    held, request = _hold_waiting(session, number, member, seen)
    approvals.approve(session, request, member, get_draft(session, number).digest, agreed)
    held.state = DraftState.APPROVED
    _record(session, member, held, "approve")


def send_back_draft(
    session: Session, number: int, reason: str, member: StaffMember, *, seen: int | None = None
) -> None:
    """Send a colleague's change back with a reason; it goes to the bin, whence it can be restored.

    Raises:
        ActionDraftNotFound, Outdated, NotAllowed, Conflict: as ``approve_draft``.
        BadRequest: the reason is empty.
    """
    held, request = _hold_waiting(session, number, member, seen)
    approvals.send_back(session, request, member, reason)
    held.state, held.binned_at = DraftState.BINNED, func.clock_timestamp()
    _record(session, member, held, "send_back", reason=reason.strip())


def begin_approved(
    session: Session, number: int, member: StaffMember, *, seen: int | None = None
) -> ActionDraftRow:
    """Lock an own draft that was approved, which is about to be carried out.

    Raises:
        ActionDraftNotFound, Outdated, NotAllowed: as ``bin_draft``.
        Conflict: it was not approved.
    """
    approvals.hold_request(session, KIND, str(number))
    _hold_own(session, number, member, seen, DraftState.APPROVED)
    return get_draft(session, number)


def finish_approved(
    session: Session, draft: ActionDraftRow, member: StaffMember, *, size: int
) -> None:
    """Mark a draft as done, if what was done is what was approved: not more than ``size``.

    Raises:
        Conflict: it was not approved, or more would be changed than was.
    """
    latest = find_latest(session, KIND, str(draft.id))
    require_agreed(latest, f"draft {draft.id}", draft.digest, size)
    held = session.get_one(ActionDraft, draft.id)
    held.state = DraftState.DONE
    _record(session, member, held, "done")


def drop_drafts(session: Session, address: AddressRow, action: str, member: StaffMember) -> None:
    """Delete the person's draft of an action that has just been done."""
    session.execute(
        delete(ActionDraft).where(
            ActionDraft.account_id == member.account_id,
            ActionDraft.code == address.code,
            ActionDraft.action == action,
            ActionDraft.state == DraftState.DRAFT,
        )
    )


def _hold_own(
    session: Session, number: int, member: StaffMember, seen: int | None, *states: DraftState
) -> ActionDraft:
    if get_draft(session, number).account_id != member.account_id:
        raise NotAllowed(f"draft {number} is somebody else's", zh="这是别人的草稿。")
    return _hold(session, number, seen, *states)


def _hold(session: Session, number: int, seen: int | None, *states: DraftState) -> ActionDraft:
    row = get_draft(session, number)
    held = session.get_one(ActionDraft, row.id, with_for_update=True, populate_existing=True)
    require_seen(session, get_draft(session, number).record, seen)
    if held.state not in states:
        name = DRAFT_STATE_NAMES[DraftState(held.state)]
        raise Conflict(f"draft {number} is {held.state}", zh=f"它现在是“{name}”，不能这样办。")
    return held


def _hold_waiting(
    session: Session, number: int, member: StaffMember, seen: int | None
) -> tuple[ActionDraft, ApprovalRow]:
    division = get_draft(session, number).division
    require(member, Permission.ADDRESSES_APPROVE, division)
    approvals.hold_request(session, KIND, str(number))
    held = _hold(session, number, seen, DraftState.WAITING)
    request = find_latest(session, KIND, str(number))
    assert request is not None  # noqa: S101 - it was submitted
    return held, request


def _record(
    session: Session, member: StaffMember, held: ActionDraft, step: str, **detail: object
) -> None:
    held.updated_at = func.clock_timestamp()
    session.flush()
    audit.record(
        session,
        actor=member.actor,
        action=f"action_drafts:{step}",
        subject=str(held.id),
        code=held.code,
        about=held.action,
        **detail,
    )
