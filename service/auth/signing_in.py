"""Verifies passwords, and codes of authenticators, without revealing which accounts exist."""

from service.audit.tally import AuditTally
from service.auth.commands import confirm_attempt, take_attempt, take_code
from service.auth.commands.sign_in import Attempt, Origin
from service.auth.passwords import MAX_LENGTH, is_password
from service.core.actor import Actor
from service.core.clock import now_utc
from service.core.database import Database

NOBODY = Actor("staff", "?")
"""The actor for unknown names; the typed name may be a password and is not recorded."""


def verify_password(
    database: Database,
    tally: AuditTally,
    name: str,
    password: str,
    origin: Origin,
    *,
    code_follows: bool = False,
) -> Attempt | None:
    """The attempt, if the password is right and the account may sign in; else None.

    The attempt is counted before the password is compared, and uncounted if it was right, so that
    parallel attempts gain nothing. Every refusal takes the same: one counting transaction, one
    hash, and an audit tally in memory.

    Raises:
        Busy: too many people are signing in.
    """
    with database.session() as session:
        attempt = take_attempt(session, name, origin)
    right = is_password(attempt.password_hash, password[: MAX_LENGTH + 1])
    if right:
        with database.session() as session:
            if confirm_attempt(session, attempt, code_follows=code_follows):
                return attempt
    note_refusal(tally, attempt)
    return None


def verify_code(
    database: Database, tally: AuditTally, name: str, code: str, origin: Origin
) -> Attempt | None:
    """The attempt, if the code of the authenticator is right, or a recovery code; else None.

    It is counted together with the passwords, and uncounted if it was right.
    """
    with database.session() as session:
        attempt = take_attempt(session, name, origin)
    if attempt.account_id is not None:
        with database.session() as session:
            right = take_code(session, attempt.account_id, attempt.name, code, now_utc())
            if right and confirm_attempt(session, attempt):
                return attempt
    note_refusal(tally, attempt)
    return None


def note_refusal(tally: AuditTally, attempt: Attempt) -> None:
    """Count a refused attempt for the audit chain."""
    if attempt.is_known_name:
        action = "sessions:limit" if attempt.is_limited else "sessions:refuse"
        tally.add(attempt.actor, action, attempt.name)
    else:
        tally.add(NOBODY, "sessions:refuse", "unknown or disabled account")
