"""Reads whether accounts have an authenticator, and the secret of one that is being joined."""

from dataclasses import dataclass, field

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from address_model.tables import RecoveryCode, SecondFactor


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """How far an account is: ``secret`` only before the first code, then never again."""

    is_confirmed: bool = False
    secret: bytes = field(default=b"", repr=False)
    recovery_codes: int = 0


def has_second_factor(session: Session, account_id: int) -> bool:
    """Whether an account has an authenticator whose first code has come."""
    own = (SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None))
    return bool(session.scalar(select(exists().where(*own))))


def get_second_factor(session: Session, account_id: int) -> SecondFactorState:
    """The state of an account's authenticator; an empty one if there is none."""
    row = session.execute(
        select(SecondFactor.secret, SecondFactor.confirmed_at).where(
            SecondFactor.account_id == account_id
        )
    ).first()
    if row is None:
        return SecondFactorState()
    if row.confirmed_at is None:
        return SecondFactorState(secret=bytes(row.secret))
    left = select(func.count()).where(RecoveryCode.account_id == account_id)
    return SecondFactorState(is_confirmed=True, recovery_codes=session.scalar(left) or 0)
