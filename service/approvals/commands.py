"""Requests approval, decides on requests, and records what needed none.

Lock order: the author's account, then the request, then the subject.
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind, Decision
from address_model.tables import Approval, Client, StaffAccount
from service.approvals.drafts import Author, RequestDraft
from service.approvals.policies import (
    may_go_on_alone,
    require_decider,
    require_own_password,
    require_unchanged,
)
from service.approvals.queries import (
    ApprovalRow,
    count_alone_today,
    find_author,
    find_latest,
)
from service.auth.members import StaffMember
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict

NO_REASON = "请写明原因。"


def hold_author(session: Session, actor: Actor) -> Author:
    """The author, locked until the transaction ends, so that concurrent requests count each other.

    Take it before any other lock.
    """
    author = find_author(session, actor)
    if author.account_id is not None:
        held = select(StaffAccount.id).where(StaffAccount.id == author.account_id)
        session.execute(held.with_for_update(key_share=True))
    elif actor.kind == "client":
        program = select(Client.id).where(Client.name == actor.name)
        session.execute(program.with_for_update(key_share=True))
    return author


def request_approval(
    session: Session, draft: RequestDraft, author: Author, *, approval_above: int
) -> bool:
    """Request approval; True if it is granted at once, as the author's day stays below the limit.

    Lock the author and the subject first. An earlier request that was sent back is left as it is.

    Raises:
        Conflict: a request about the subject is open.
    """
    latest = find_latest(session, draft.kind, draft.subject)
    if latest is not None and latest.decision == Decision.OPEN:
        raise Conflict(
            f"{draft.kind} {draft.subject} awaits approval already",
            hint="wait for the decision, or withdraw it",
            zh="已经提交，正在等待审批。",
        )
    before = count_alone_today(session, draft.kind, author)
    alone = may_go_on_alone(before, draft.size, approval_above)
    _insert(session, draft, author, Decision.APPROVED if alone else Decision.OPEN)
    return alone


def go_on_alone(
    session: Session, draft: RequestDraft, author: Author, *, approval_above: int
) -> None:
    """Record what an author does without a request; refuse it if it needs approval.

    Lock the author first. The system itself (demo data, set-up before the first account) has no
    second person, and is only recorded.

    Raises:
        Conflict: the author's day would exceed the threshold.
    """
    require_room(session, draft.kind, draft.size, author, approval_above=approval_above)
    _insert(session, draft, author, Decision.APPROVED)


def require_room(
    session: Session, kind: ApprovalKind, size: int, author: Author, *, approval_above: int
) -> None:
    """Refuse what an author cannot do today without approval.

    Raises:
        Conflict: the author's day would exceed the threshold.
    """
    if author.is_system:
        return
    before = count_alone_today(session, kind, author)
    if not may_go_on_alone(before, size, approval_above):
        raise Conflict(
            f"{size} more than the {before} of today would be above the {approval_above} a day "
            f"that {author.actor.name} may issue without a second person",
            hint="make a batch and submit it for approval: /admin/batches/new, "
            "or `menpai plates batch create` and `submit`",
            zh=f"今天免审批的已有 {before:,} 块，再加 {size:,} 块，超过每天 {approval_above:,} 块。"
            "请新建批次并提交审批。",
        )


def hold_request(session: Session, kind: ApprovalKind, subject: str) -> None:
    """Lock the requests about a subject until the transaction ends; before the subject itself."""
    held = select(Approval.id).where(Approval.kind == kind, Approval.subject == subject)
    session.execute(held.order_by(Approval.id).with_for_update(key_share=True))


def approve(
    session: Session, request: ApprovalRow, member: StaffMember, current: str, seen: str
) -> None:
    """Approve an open, locked request as a second person.

    ``current`` is the current digest of the subject, ``seen`` the digest that was shown to the
    person, or "".

    Raises:
        NotAllowed: it is the person's own request, the permission in its division is missing, or
            another person set this person's password within the last day.
        Conflict: the subject was changed since it was submitted, or since it was read.
    """
    require_decider(request, member)
    require_own_password(member)
    require_unchanged(request, current, seen)
    _decide(session, request, Decision.APPROVED, member)


def send_back(session: Session, request: ApprovalRow, member: StaffMember, reason: str) -> None:
    """Return an open, locked request (退回): its author may change it and ask again.

    Raises:
        NotAllowed: it is the person's own request, or the permission in its division is missing.
        BadRequest: no reason was given.
    """
    require_decider(request, member)
    if not reason.strip():
        raise BadRequest(
            "a request is sent back for a reason", hint="say what is to be changed", zh=NO_REASON
        )
    _decide(session, request, Decision.SENT_BACK, member, reason.strip())


def withdraw(session: Session, kind: ApprovalKind, subject: str, member: StaffMember) -> None:
    """Withdraw the requests of a cancelled subject: open ones, and those without a decider.

    What a second person approved stays; it counts in nobody's day. Lock the request first.
    """
    session.execute(
        update(Approval)
        .where(
            Approval.kind == kind,
            Approval.subject == subject,
            Approval.decision.in_((Decision.OPEN, Decision.APPROVED)),
            Approval.decider_id.is_(None),
        )
        .values(
            decision=Decision.WITHDRAWN,
            decider_id=member.account_id,
            decided_at=func.clock_timestamp(),
        )
    )


def _insert(session: Session, draft: RequestDraft, author: Author, decision: Decision) -> None:
    now = func.clock_timestamp()
    session.add(
        Approval(
            kind=draft.kind,
            subject=draft.subject,
            division=draft.division,
            size=draft.size,
            digest=draft.digest,
            author=str(author.actor),
            author_id=author.account_id,
            asked_at=now,
            decision=decision,
            decided_at=None if decision is Decision.OPEN else now,
        )
    )
    session.flush()


def _decide(
    session: Session,
    request: ApprovalRow,
    decision: Decision,
    member: StaffMember,
    reason: str = "",
) -> None:
    session.execute(
        update(Approval)
        .where(Approval.id == request.id)
        .values(
            decision=decision,
            decider_id=member.account_id,
            decided_at=func.clock_timestamp(),
            reason=reason,
        )
    )
