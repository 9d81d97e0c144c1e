"""Who may decide on a request, what needs no approval, and what an approval covers."""

from address_model.approvals import DECISION_NAMES, ApprovalKind, Decision
from service.approvals.queries import ApprovalRow
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.core.actor import Actor
from service.core.clock import zone
from service.core.errors import Conflict, NotAllowed

PERMISSIONS = {
    ApprovalKind.PLATE_BATCH: Permission.BATCHES_APPROVE,
    ApprovalKind.ADDRESS_CHANGE: Permission.ADDRESSES_APPROVE,
    ApprovalKind.LIST_UPLOAD: Permission.ADDRESSES_APPROVE,
    ApprovalKind.CLIENT_GRANT: Permission.CLIENTS_MANAGE,
    ApprovalKind.DATASET: Permission.DATASETS_APPROVE,
}
"""The permission needed in the division of a request to decide on it."""

_SHOWN = 12
"""How many digits of a digest are shown in messages."""


def may_go_on_alone(before: int, size: int, above: int) -> bool:
    """Whether a request needs no second person: the author's day stays within ``above``.

    ``before`` is today's total without approval, ``size`` what this request adds.
    """
    return before + size <= above


def require_decider(request: ApprovalRow, member: StaffMember) -> None:
    """Refuse a decision by the author, whatever their roles, and by anyone without the permission.

    Raises:
        NotAllowed: it is the person's own request, or the permission in its division is missing.
    """
    is_program = Actor.parse(request.author).kind == "client"
    if request.author_id == member.account_id or (request.author_id is None and not is_program):
        raise NotAllowed(
            f"{member.name} cannot decide on a request of {request.author}",
            hint="ask a colleague with the role approver in this division",
            zh="不能审批自己提交的申请，请本区划有审批权限的同事办理。",
        )
    require(member, PERMISSIONS[ApprovalKind(request.kind)], request.division)


def require_own_password(member: StaffMember) -> None:
    """Refuse approvals for a day after another person set the approver's password.

    Whoever resets a password learns the new one and could act as two persons. Within a day the
    owner notices that their password no longer works.

    Raises:
        NotAllowed: says until when.
    """
    if member.decides_from is not None:
        until = f"{member.decides_from.astimezone(zone()):%Y-%m-%d %H:%M}"
        raise NotAllowed(
            f"the password of {member.name} was set by somebody else; it approves from {until}",
            hint="wait, or let another colleague with the role approver do it",
            zh=f"这个账号的密码由他人设置还不满一天，{until} 以后才能审批；急办请其他审批员办理。",
        )


def require_unchanged(request: ApprovalRow, current: str, seen: str) -> None:
    """Refuse to approve content that was changed since it was submitted or seen: digests in hex.

    ``seen`` is the digest that was shown to the person; "" if nothing was shown.

    Raises:
        Conflict: says which two differ.
    """
    if current != request.digest:
        raise Conflict(
            f"{request.kind} {request.subject} was changed after it was submitted: submitted was "
            f"{request.digest[:_SHOWN]}, now it is {current[:_SHOWN]}",
            hint="send it back: its author submits it again as it is",
            zh=f"提交以后内容变过：提交时是 {request.digest[:_SHOWN]}，现在是 {current[:_SHOWN]}。"
            "请退回，由经办人重新提交。",
        )
    if seen and seen != current:
        raise Conflict(
            f"{request.kind} {request.subject} is not what you have read: that was "
            f"{seen[:_SHOWN]}, now it is {current[:_SHOWN]}",
            hint="read it again, then decide",
            zh=f"您看过以后内容变过：您看到的是 {seen[:_SHOWN]}，现在是 {current[:_SHOWN]}。"
            "请看过现在的内容再审批。",
        )


def require_agreed(latest: ApprovalRow | None, subject: str, current: str, size: int) -> None:
    """Refuse to begin what was not approved, or was changed since.

    ``current`` is the current digest (items left out since count as before), and ``size`` how much
    is to be made: less than approved is allowed.

    Raises:
        Conflict: there is no approval, or it covers something else.
    """
    if latest is None or latest.decision != Decision.APPROVED:
        state = DECISION_NAMES[Decision(latest.decision)] if latest else "没有提交"
        raise Conflict(
            f"{subject} is not approved",
            hint="submit it, and let a colleague approve it",
            zh=f"还没有批准（{state}），不能开始。",
        )
    if latest.digest != current or size > latest.size:
        raise Conflict(
            f"{subject} is no longer what was approved: that was {latest.digest[:_SHOWN]} of "
            f"{latest.size}, now it is {current[:_SHOWN]} of {size}",
            hint="cancel it and choose again",
            zh=f"现在的内容与批准的不一致：批准的是 {latest.digest[:_SHOWN]}（{latest.size:,}），"
            f"现在是 {current[:_SHOWN]}（{size:,}）。请取消，重新选择并提交。",
        )
