"""Opens and closes the sessions of staff."""

from datetime import timedelta

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount, StaffBrowser, StaffSession
from service.audit import commands as audit
from service.auth.commands.sign_in import KNOWN_FOR
from service.auth.members import StaffMember
from service.auth.queries.sessions import is_known_browser
from service.auth.session_tokens import SessionToken, draw_session_token
from service.core.actor import Actor


def open_session(
    session: Session,
    account_id: int,
    name: str,
    *,
    browser: str,
    lasts: timedelta,
    awaits_code: bool = False,
) -> SessionToken:
    """Open a session with a new token (against session fixation); delete expired sessions.

    One that ``awaits_code`` lets nobody in: it says whose code of the authenticator is due.
    """
    now = func.clock_timestamp()
    session.execute(delete(StaffSession).where(StaffSession.expires_at < now))
    token = draw_session_token()
    session.add(
        StaffSession(
            token_hash=token.token_hash,
            account_id=account_id,
            browser=browser[:200],
            expires_at=now + lasts,
            awaits_code=awaits_code,
        )
    )
    if awaits_code:
        return token
    session.execute(
        update(StaffAccount).where(StaffAccount.id == account_id).values(last_sign_in_at=now)
    )
    audit.record(session, actor=Actor("staff", name), action="sessions:open", subject=name)
    return token


def touch_session(session: Session, token: SessionToken) -> None:
    """Update the time a session was last seen."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == token.token_hash)
        .values(last_seen_at=func.clock_timestamp())
    )


def close_session(session: Session, token: SessionToken, member: StaffMember) -> None:
    """Sign out: end one session."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == token.token_hash))
    audit.record(session, actor=member.actor, action="sessions:close", subject=member.name)


def drop_awaiting(session: Session, token: SessionToken) -> None:
    """End a session that awaits its code."""
    own = StaffSession.token_hash == token.token_hash
    session.execute(delete(StaffSession).where(own, StaffSession.awaits_code))


def remember_browser(session: Session, account_id: int, shown: SessionToken | None) -> SessionToken:
    """Remember that a person has signed in from a browser; return the browser's token.

    A browser shared by several persons keeps its token. An unknown token is replaced: somebody
    else may have planted it.
    """
    if shown is not None and not is_known_browser(session, shown):
        shown = None
    token = shown or draw_session_token()
    now = func.clock_timestamp()
    noted = insert(StaffBrowser).values(token_hash=token.token_hash, account_id=account_id)
    session.execute(
        noted.on_conflict_do_update(
            index_elements=[StaffBrowser.token_hash, StaffBrowser.account_id],
            set_={"signed_in_at": now},
        )
    )
    session.execute(delete(StaffBrowser).where(StaffBrowser.signed_in_at < now - KNOWN_FOR))
    return token


def close_sessions(session: Session, account_id: int, name: str, actor: Actor) -> int:
    """End all sessions of an account at once; return how many there were.

    Its known browsers are forgotten as well: one of them may be lost.
    """
    session.execute(delete(StaffBrowser).where(StaffBrowser.account_id == account_id))
    ended = session.execute(
        delete(StaffSession)
        .where(StaffSession.account_id == account_id)
        .returning(StaffSession.token_hash)
    ).all()
    audit.record(session, actor=actor, action="sessions:close_all", subject=name, count=len(ended))
    return len(ended)
