"""Joins an authenticator to an account, takes its codes, and takes it away."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from address_model.tables import RecoveryCode, SecondFactor
from service.audit import commands as audit
from service.auth.commands.sessions import close_sessions
from service.auth.members import StaffMember
from service.auth.passwords import draw_password
from service.auth.queries.accounts import hold_account
from service.auth.totp import draw_secret, find_step
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict

RECOVERY_CODES = 8
_WRONG = "验证码不对。请看手机上现在显示的六位数，并核对手机的时间。"


def begin_second_factor(session: Session, member: StaffMember) -> None:
    """Draw a secret for an authenticator; it counts once its first code has come.

    Raises:
        Conflict: the account has an authenticator.
    """
    hold_account(session, member.name)
    secret = draw_secret()
    values = {"account_id": member.account_id, "secret": secret, "confirmed_at": None}
    drawn = session.execute(
        upsert(SecondFactor)
        .values(values)
        .on_conflict_do_update(
            index_elements=[SecondFactor.account_id],
            set_={"secret": secret, "used_step": 0, "created_at": func.clock_timestamp()},
            where=SecondFactor.confirmed_at.is_(None),
        )
        .returning(SecondFactor.account_id)
    ).first()
    if drawn is None:
        raise Conflict(
            "the account has an authenticator",
            hint="ask an administrator to reset it first",
            zh="已经开通。换手机请先让管理员重置，再重新开通。",
        )
    audit.record(
        session, actor=member.actor, action="accounts:begin_second_factor", subject=member.name
    )


def confirm_second_factor(
    session: Session, member: StaffMember, code: str, now: datetime
) -> list[str]:
    """Join the authenticator by its first code; return the recovery codes, shown only once.

    Raises:
        Conflict: nothing was begun.
        BadRequest: the code is wrong.
    """
    hold_account(session, member.name)
    held = session.execute(
        select(SecondFactor.secret).where(
            SecondFactor.account_id == member.account_id, SecondFactor.confirmed_at.is_(None)
        )
    ).first()
    if held is None:
        raise Conflict(
            "no authenticator waits for its first code",
            hint="begin again",
            zh="没有等待验证的开通，请重新开始。",
        )
    step = find_step(bytes(held.secret), code.strip(), now.timestamp(), 0)
    if step is None:
        raise BadRequest("the code is wrong", hint="type the present one", zh=_WRONG, field="code")
    session.execute(
        update(SecondFactor)
        .where(SecondFactor.account_id == member.account_id)
        .values(confirmed_at=func.clock_timestamp(), used_step=step)
    )
    codes = [draw_password() for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == member.account_id))
    rows = [{"account_id": member.account_id, "code_hash": _hash(one)} for one in codes]
    session.execute(insert(RecoveryCode), rows)
    audit.record(
        session, actor=member.actor, action="accounts:add_second_factor", subject=member.name
    )
    return codes


def take_code(session: Session, account_id: int, name: str, code: str, now: datetime) -> bool:
    """Whether this is a present code of the account's authenticator, or an unused recovery code.

    Each counts once: of two who send the same code at once, one is refused.
    """
    plain = code.strip().replace(" ", "").lower()
    held = session.execute(
        select(SecondFactor.secret, SecondFactor.used_step)
        .where(SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None))
        .with_for_update()
    ).first()
    if held is None:
        return False
    step = find_step(bytes(held.secret), plain, now.timestamp(), held.used_step)
    if step is not None:
        own = SecondFactor.account_id == account_id
        session.execute(update(SecondFactor).where(own).values(used_step=step))
        return True
    used = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _hash(plain))
        .returning(RecoveryCode.account_id)
    ).first()
    if used is not None:
        action = "accounts:use_recovery_code"
        audit.record(session, actor=Actor("staff", name), action=action, subject=name)
    return used is not None


def reset_second_factor(session: Session, name: str, actor: Actor) -> None:
    """Take an account's authenticator and recovery codes away, and end its sessions.

    Raises:
        Conflict: it has none.
    """
    account = hold_account(session, name)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    gone = session.execute(
        delete(SecondFactor)
        .where(SecondFactor.account_id == account.id)
        .returning(SecondFactor.account_id)
    ).first()
    if gone is None:
        raise Conflict(
            f"{account.name} has no authenticator",
            hint="there is nothing to reset",
            zh=f"{account.name} 没有开通动态验证码。",
        )
    audit.record(session, actor=actor, action="accounts:reset_second_factor", subject=account.name)
    close_sessions(session, account.id, account.name, actor)


def _hash(code: str) -> bytes:
    """The hash of a recovery code: 79 random bits, so plain SHA-256 cannot be guessed through."""
    return hashlib.sha256(code.replace("-", "").encode()).digest()
