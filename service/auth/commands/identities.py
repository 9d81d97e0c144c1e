"""Binds accounts to identities at the provider, and releases them."""

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount, StaffIdentity
from service.audit import commands as audit
from service.auth.commands.accounts import reset_password
from service.auth.commands.sessions import close_sessions
from service.auth.queries.accounts import hold_account
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict

MOST_LETTERS = 255


def bind_identity(session: Session, name: str, issuer: str, subject: str, actor: Actor) -> None:
    """Let a person sign in at the provider as ``subject`` (``sub``), and no longer by a password.

    Whoever binds could name an identity of their own, so the account approves nothing for a day,
    as after a password that somebody else has set (docs/decisions/0039).

    Raises:
        BadRequest: the subject is empty or too long.
        Conflict: it is bound to another account, or the account to another identity.
    """
    account = hold_account(session, name)
    plain = subject.strip()
    if not 0 < len(plain) <= MOST_LETTERS or not plain.isprintable():
        raise BadRequest(
            "this cannot be an identity at the provider",
            hint="take the text that the provider calls sub",
            zh="标识填得不对：请照抄本人登录时页面上显示的标识。",
            field="subject",
        )
    made = session.execute(
        insert(StaffIdentity)
        .values(account_id=account.id, issuer=issuer, subject=plain)
        .on_conflict_do_nothing()
        .returning(StaffIdentity.account_id)
    ).first()
    if made is None:
        raise Conflict(
            f"{account.name} or this identity is bound already",
            hint="release the former binding first",
            zh="这个标识已经绑定了别的账号，或者这个账号已经绑定。请先解除原来的绑定。",
            field="subject",
        )
    session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == account.id)
        .values(
            password_hash="",
            must_change_password=False,
            password_issued_at=func.clock_timestamp(),
            password_issued_by=str(actor),
        )
    )
    audit.record(session, actor=actor, action="accounts:bind_identity", subject=account.name)
    close_sessions(session, account.id, account.name, actor)


def release_identity(session: Session, name: str, actor: Actor) -> str:
    """Release an account from the provider; return its new first password, shown only once.

    Raises:
        Conflict: it is not bound.
    """
    account = hold_account(session, name)
    gone = session.execute(
        delete(StaffIdentity)
        .where(StaffIdentity.account_id == account.id)
        .returning(StaffIdentity.account_id)
    ).first()
    if gone is None:
        raise Conflict(
            f"{account.name} is not bound to the provider",
            hint="there is nothing to release",
            zh=f"{account.name} 没有绑定统一身份认证。",
        )
    audit.record(session, actor=actor, action="accounts:release_identity", subject=account.name)
    return reset_password(session, account.name, actor)
