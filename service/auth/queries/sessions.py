"""Looks up sessions and known browsers by token."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Interval, bindparam, func, select
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount, StaffBrowser, StaffSession
from service.auth.members import StaffMember
from service.auth.permissions import FIELD_ROLES
from service.auth.queries.accounts import DECIDES_FROM, HAS_SECOND_FACTOR
from service.auth.queries.held_roles import assignments_of
from service.auth.session_tokens import SessionToken


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One signed-in browser of a person."""

    browser: str
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A valid session, and whether its last-seen time is due for an update."""

    member: StaffMember
    is_stale: bool
    has_second_factor: bool = False


_NOTED = timedelta(minutes=1)
_NOW = func.clock_timestamp()
_OPEN_SESSION = (
    select(
        StaffAccount,
        (StaffSession.last_seen_at < _NOW - _NOTED).label("is_stale"),
        (StaffSession.last_seen_at <= _NOW - bindparam("idle", type_=Interval)).label("is_idle"),
        DECIDES_FROM,
        HAS_SECOND_FACTOR,
    )
    .join(StaffSession, StaffSession.account_id == StaffAccount.id)
    .where(
        StaffSession.token_hash == bindparam("token_hash"),
        StaffSession.expires_at > _NOW,
        StaffAccount.is_active,
        StaffSession.awaits_code == bindparam("awaits_code"),
    )
)
"""Built once: every page of staff asks for it."""


def find_session(
    session: Session, token: SessionToken, idle: timedelta, *, awaits_code: bool = False
) -> OpenSession | None:
    """The valid session of a token: not expired, not idle, of an active account.

    One that awaits its code is found by whoever asks for such a one, and by nobody else.

    Who has roles of the field alone may be idle until the session expires: on a phone people sign
    in once a day.
    """
    asked = {"token_hash": token.token_hash, "idle": idle, "awaits_code": awaits_code}
    row = session.execute(_OPEN_SESSION, asked).first()
    if row is None:
        return None
    account, is_stale, is_idle, decides_from, has_second_factor = row
    assignments = assignments_of(session, [account.id])[account.id]
    if is_idle and not (assignments and FIELD_ROLES.issuperset(a.role for a in assignments)):
        return None
    member = StaffMember(
        account_id=account.id,
        name=account.name,
        display_name=account.display_name or account.name,
        assignments=assignments,
        must_change_password=account.must_change_password,
        decides_from=decides_from,
    )
    return OpenSession(member, bool(is_stale), bool(has_second_factor))


def list_sessions(session: Session, account_id: int) -> list[SessionRow]:
    """The signed-in browsers of an account, last seen first."""
    statement = (
        select(StaffSession.browser, StaffSession.created_at, StaffSession.last_seen_at)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.expires_at > func.clock_timestamp(),
        )
        .order_by(StaffSession.last_seen_at.desc())
        .limit(50)
    )
    return [SessionRow(*row) for row in session.execute(statement)]


def is_known_browser(session: Session, token: SessionToken) -> bool:
    """Whether anybody has signed in from the browser with this token."""
    known = select(StaffBrowser.token_hash).where(StaffBrowser.token_hash == token.token_hash)
    return session.scalar(known.limit(1)) is not None
