"""Counts attempts to sign in before they are made, so that nobody gets more than a few."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount
from service.audit import commands as audit
from service.auth.names import fold_name
from service.core.actor import Actor

MAX_ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
_FRESH = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may go on: the account and the hash that its password must have.

    ``account_id`` is None, and the hash "", for an account that is unknown, disabled or locked:
    whoever asks must not be able to tell, so the password is compared all the same.
    """

    account_id: int | None
    name: str
    password_hash: str

    @property
    def actor(self) -> Actor:
        """Whoever says to be this person."""
        return Actor("staff", self.name)


def take_attempt(session: Session, name: str) -> Attempt:
    """Take one of the attempts an account has left; the last one locks it for a while."""
    folded = fold_name(name)
    now = func.clock_timestamp()
    count = case(
        (StaffAccount.locked_until.is_not(None), 1), else_=StaffAccount.failed_attempts + 1
    )
    taken = session.execute(
        update(StaffAccount)
        .where(
            StaffAccount.name == folded,
            StaffAccount.is_active,
            or_(StaffAccount.locked_until.is_(None), StaffAccount.locked_until <= now),
        )
        .values(failed_attempts=count, locked_until=case((count >= MAX_ATTEMPTS, now + LOCKED)))
        .returning(StaffAccount.id, StaffAccount.password_hash, StaffAccount.failed_attempts)
        .execution_options(**_FRESH)
    ).first()
    if taken is None:
        return Attempt(None, folded, "")
    return Attempt(taken.id, folded, taken.password_hash)


def refuse_attempt(session: Session, attempt: Attempt) -> None:
    """Note a wrong password, and whether it locked the account."""
    locked = session.scalar(
        select(StaffAccount.locked_until.is_not(None)).where(StaffAccount.id == attempt.account_id)
    )
    action = "accounts:lock" if locked else "sessions:refuse"
    audit.record(session, actor=attempt.actor, action=action, subject=attempt.name)


def confirm_attempt(session: Session, attempt: Attempt) -> bool:
    """Give the attempts back after the right password; False if the account was ended meanwhile."""
    confirmed = session.execute(
        update(StaffAccount)
        .where(
            StaffAccount.id == attempt.account_id,
            StaffAccount.is_active,
            StaffAccount.password_hash == attempt.password_hash,
        )
        .values(failed_attempts=0, locked_until=None)
        .returning(StaffAccount.id)
        .execution_options(**_FRESH)
    ).first()
    return confirmed is not None
