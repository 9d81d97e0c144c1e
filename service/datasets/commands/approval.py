"""Approval of a dataset: submitted, approved by a second person, or sent back."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.datasets.definition import DatasetState
from address_model.tables import Dataset
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft
from service.approvals.queries import find_latest
from service.audit import commands as audit
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.changes.commands import Action, Subject, announce
from service.core.errors import Conflict
from service.datasets.commands.hold import hold_dataset
from service.datasets.policies import APPROVAL_ABOVE, KIND


def submit_dataset(session: Session, number: int, member: StaffMember, *, seen: int | None) -> None:
    """Ask a second person to approve a draft.

    Raises:
        DatasetNotFound, NotAllowed: there is none, or no permission in its division.
        Conflict: it is no draft, has no field, or awaits approval already.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    author = approvals.hold_author(session, member.actor)
    approvals.hold_request(session, KIND, str(number))
    held = hold_dataset(session, number, seen)
    require(member, Permission.DATASETS_WRITE, held.division)
    if held.state is not DatasetState.DRAFT or not held.fields:
        raise Conflict(
            f"dataset {number} is no draft with fields",
            hint="add its fields first",
            zh="先加上字段，再提交审批；已批准的不用再提交。",
        )
    digest = held.definition.digest
    draft = RequestDraft(KIND, str(number), held.division, 1, digest)
    approvals.request_approval(session, draft, author, approval_above=APPROVAL_ABOVE)
    audit.record(
        session,
        actor=member.actor,
        action="datasets:submit",
        subject=str(number),
        name=held.name,
        digest=digest,
    )


def approve_dataset(
    session: Session, number: int, member: StaffMember, *, seen: int | None, agreed: str = ""
) -> None:
    """Approve somebody else's dataset: from now on each reader sees what is theirs.

    ``agreed`` is the digest of what the person has read.

    Raises:
        DatasetNotFound, NotAllowed: there is none, it is the person's own, or no permission.
        Conflict: it does not await approval, or differs from what was read.
        Outdated: it has changed since the caller saw version ``seen``.
    """
    approvals.hold_request(session, KIND, str(number))
    held = hold_dataset(session, number, seen)
    request = find_latest(session, KIND, str(number))
    if request is None or request.decision:
        raise Conflict(f"dataset {number} does not await approval", zh="没有在等待审批。")
    approvals.approve(session, request, member, held.definition.digest, agreed)
    approved = update(Dataset).where(Dataset.id == number)
    session.execute(approved.values(state=DatasetState.APPROVED))
    announce(session, Subject.DATASET, Action.SHOWN, [number])
    audit.record(
        session,
        actor=member.actor,
        action="datasets:approve",
        subject=str(number),
        name=held.name,
        digest=request.digest,
    )


def send_back_dataset(
    session: Session, number: int, reason: str, member: StaffMember, *, seen: int | None
) -> None:
    """Send somebody else's dataset back (退回): its author may change and submit it again.

    Raises:
        DatasetNotFound, NotAllowed, Conflict, Outdated: as ``approve_dataset``.
        BadRequest: the reason is empty.
    """
    approvals.hold_request(session, KIND, str(number))
    held = hold_dataset(session, number, seen)
    request = find_latest(session, KIND, str(number))
    if request is None or request.decision:
        raise Conflict(f"dataset {number} does not await approval", zh="没有在等待审批。")
    approvals.send_back(session, request, member, reason)
    audit.record(
        session,
        actor=member.actor,
        action="datasets:send_back",
        subject=str(number),
        name=held.name,
        reason=reason.strip(),
    )
