"""Reads accounts of staff with their roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from address_model.tables import (
    RoleAssignment,
    SecondFactor,
    StaffAccount,
    StaffIdentity,
    StaffSession,
)
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.auth.queries.held_roles import assignments_of, held_roles
from service.core.errors import AccountNotFound

ISSUED_WAIT = timedelta(hours=24)
"""How long an account cannot approve after another person set its password
(docs/decisions/0039)."""

DECIDES_FROM = case(
    (
        StaffAccount.password_issued_at > func.clock_timestamp() - ISSUED_WAIT,
        StaffAccount.password_issued_at + ISSUED_WAIT,
    )
).label("decides_from")

HAS_SECOND_FACTOR = (
    exists()
    .where(SecondFactor.account_id == StaffAccount.id, SecondFactor.confirmed_at.is_not(None))
    .label("has_second_factor")
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One person's account, without the password.

    ``decides_from`` is when it may approve again after another person set its password; None if it
    may now. ``identity`` is who the person is at the identity provider, "" if not bound.
    """

    id: int
    name: str
    display_name: str
    is_active: bool
    must_change_password: bool
    is_sample: bool
    last_sign_in_at: datetime | None
    created_at: datetime
    password_issued_by: str
    decides_from: datetime | None
    open_sessions: int
    assignments: tuple[Assignment, ...]
    unit_id: int | None = None
    has_second_factor: bool = False
    identity: str = ""


def get_account(session: Session, name: str) -> AccountRow:
    """The account of a name.

    Raises:
        AccountNotFound: there is none.
    """
    rows = _read(session, StaffAccount.name == name, limit=1)
    if not rows:
        raise AccountNotFound(f"there is no account {name!r}", hint="see `menpai accounts list`")
    return rows[0]


def hold_account(session: Session, name: str) -> AccountRow:
    """The current account of a name, locked until the transaction ends.

    Also locks all administrators of the whole register, in one order, so that the check for the
    last of them is safe.

    Raises:
        AccountNotFound: there is none.
    """
    whole = select(RoleAssignment.account_id).where(
        RoleAssignment.role == Role.ADMINISTRATOR, RoleAssignment.division == ""
    )
    session.execute(
        select(StaffAccount.id)
        .where(or_(StaffAccount.name == name, StaffAccount.id.in_(whole)))
        .order_by(StaffAccount.id)
        .with_for_update(key_share=True)
    )
    return get_account(session, name)


def list_accounts(
    session: Session,
    *,
    scopes: Sequence[str] = ("",),
    unit_id: int | None = None,
    after: str = "",
    limit: int = 100,
) -> list[AccountRow]:
    """Accounts with a role within one of the division prefixes, by name; of one unit if given."""
    condition = StaffAccount.name > after
    if unit_id is not None:
        condition &= StaffAccount.unit_id == unit_id
    if "" not in scopes:
        held = held_roles()
        within = [held.c.division.startswith(prefix) for prefix in scopes]
        condition &= exists().where(held.c.account_id == StaffAccount.id, or_(false(), *within))
    return _read(session, condition, limit=limit)


def has_accounts(session: Session) -> bool:
    """Whether there is any account, including disabled ones (accounts are never deleted)."""
    return bool(session.scalar(select(exists().select_from(StaffAccount))))


def find_only_administrator(session: Session) -> AccountRow | None:
    """The only active account with the role administrator, if there is exactly one."""
    roles = held_roles()
    held = exists().where(roles.c.account_id == StaffAccount.id, roles.c.role == Role.ADMINISTRATOR)
    rows = _read(session, StaffAccount.is_active & held, limit=2)
    return rows[0] if len(rows) == 1 else None


def list_active_samples(session: Session) -> list[str]:
    """The names of the sample accounts that are active."""
    statement = (
        select(StaffAccount.name)
        .where(StaffAccount.is_sample, StaffAccount.is_active)
        .order_by(StaffAccount.name)
    )
    return list(session.scalars(statement))


def _read(session: Session, condition: object, *, limit: int) -> list[AccountRow]:
    now = func.clock_timestamp()
    sessions = (
        select(func.count())
        .where(StaffSession.account_id == StaffAccount.id, StaffSession.expires_at > now)
        .scalar_subquery()
    )
    statement = (
        select(
            StaffAccount.id,
            StaffAccount.name,
            StaffAccount.display_name,
            StaffAccount.is_active,
            StaffAccount.must_change_password,
            StaffAccount.is_sample,
            StaffAccount.last_sign_in_at,
            StaffAccount.created_at,
            StaffAccount.password_issued_by,
            DECIDES_FROM,
            sessions.label("open_sessions"),
            StaffAccount.unit_id,
            HAS_SECOND_FACTOR,
            func.coalesce(StaffIdentity.subject, "").label("identity"),
        )
        .outerjoin(StaffIdentity, StaffIdentity.account_id == StaffAccount.id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(StaffAccount.name)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    roles = assignments_of(session, [row.id for row in rows])
    return [AccountRow(**row._asdict(), assignments=roles[row.id]) for row in rows]
