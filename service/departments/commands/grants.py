"""Gives grants by which many addresses can be read at once only with a second person's consent.

Lock order: the author's account, the program or the request, the grant.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind
from address_model.tables import ClientGrant
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft, digest_lines
from service.approvals.queries import ApprovalRow, find_latest
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth import commands as auth
from service.auth.grants import Grant
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.auth.policies import require_contained
from service.auth.queries import GrantRow, get_client, get_grant
from service.core.actor import Actor
from service.core.errors import Conflict
from service.departments.queries import count_readable

KIND = ApprovalKind.CLIENT_GRANT


@dataclass(frozen=True, slots=True)
class GivenGrant:
    """The number of a grant, and whether it waits for a second person."""

    number: int
    waits: bool


def give_grant(
    session: Session,
    name: str,
    grant: Grant,
    actor: Actor,
    *,
    approval_above: int,
    seen: int | None = None,
) -> GivenGrant:
    """Give a program a grant; it holds at once unless it lets the program read in bulk.

    What one person gives in a day for reading up to ``approval_above`` addresses needs nobody else.

    Raises:
        ClientNotFound, Outdated, Conflict, DivisionNotFound, BadRequest: as
            ``auth.commands.give_grant``.
    """
    author = approvals.hold_author(session, actor)
    auth.hold_client(session, name, seen)
    require_contained(get_client(session, name), grant)
    size = count_readable(session, grant)
    number = auth.give_grant(session, name, grant, actor, is_agreed=not size)
    if not size:
        return GivenGrant(number, waits=False)
    given = get_grant(session, number)
    draft = RequestDraft(KIND, str(number), given.grant.division, size, digest_of(given))
    if author.is_system:
        approvals.go_on_alone(session, draft, author, approval_above=approval_above)
        waits = False
    else:
        waits = not approvals.request_approval(
            session, draft, author, approval_above=approval_above
        )
    if not waits:
        session.get_one(ClientGrant, number).agreed_at = func.clock_timestamp()
        session.flush()
    return GivenGrant(number, waits)


def change_grant(
    session: Session,
    number: int,
    grant: Grant,
    actor: Actor,
    *,
    approval_above: int,
    seen: int | None = None,
) -> GivenGrant:
    """Withdraw a grant and give another in its place, both at once.

    Raises:
        GrantNotFound, Outdated, Conflict: there is none, it was changed, or it is withdrawn.
        Conflict, DivisionNotFound, BadRequest: as ``give_grant``.
    """
    approvals.hold_author(session, actor)
    name = get_grant(session, number).client
    auth.hold_client(session, name)
    auth.withdraw_grant(session, number, actor, seen)
    return give_grant(session, name, grant, actor, approval_above=approval_above)


def approve_grant(
    session: Session, number: int, member: StaffMember, *, agreed: str, seen: int | None = None
) -> None:
    """Approve a colleague's grant, which holds from now; ``agreed`` is the digest of what was read.

    Raises:
        GrantNotFound, Outdated: there is none, or it was changed in the meantime.
        NotAllowed: it is the person's own, or the permission in its division is missing.
        Conflict: it does not wait, or is not what was read.
    """
    row, held, request = _hold_waiting(session, number, member, seen)
    approvals.approve(session, request, member, digest_of(held), agreed)
    row.agreed_at = func.clock_timestamp()
    session.flush()
    audit.record(
        session, actor=member.actor, action="clients:approve", subject=held.client, grant=number
    )


def send_back_grant(
    session: Session, number: int, reason: str, member: StaffMember, *, seen: int | None = None
) -> None:
    """Refuse a colleague's grant with a reason; it is withdrawn.

    Raises:
        GrantNotFound, Outdated, NotAllowed, Conflict: as ``approve_grant``.
        BadRequest: the reason is empty.
    """
    row, held, request = _hold_waiting(session, number, member, seen)
    approvals.send_back(session, request, member, reason)
    row.withdrawn_at = func.clock_timestamp()
    session.flush()
    audit.record(
        session,
        actor=member.actor,
        action="clients:send_back",
        subject=held.client,
        grant=number,
        reason=reason.strip(),
    )


def digest_of(row: GrantRow) -> str:
    """What is agreed to: the program and all terms of the grant."""
    one = row.grant
    terms = (one.division, one.is_deep, one.per_minute, one.per_day, one.valid_from)
    listed = (sorted(one.permissions), sorted(one.classes), one.networks, one.valid_until)
    return digest_lines([one.number, row.client, *terms, *listed])


def _hold_waiting(
    session: Session, number: int, member: StaffMember, seen: int | None
) -> tuple[ClientGrant, GrantRow, ApprovalRow]:
    """A grant that waits and its request, locked, in the version that was read."""
    require(member, Permission.CLIENTS_MANAGE, get_grant(session, number).grant.division)
    approvals.hold_request(session, KIND, str(number))
    locked = select(ClientGrant).where(ClientGrant.id == number).with_for_update()
    row = session.execute(locked.execution_options(populate_existing=True)).scalar_one()
    held = get_grant(session, number)
    require_seen(session, held.record, seen)
    request = find_latest(session, KIND, str(number))
    if request is None or row.agreed_at is not None or row.withdrawn_at is not None:
        raise Conflict(f"grant {number} does not wait", zh="这项授权不在等待审批。")
    return row, held, request
