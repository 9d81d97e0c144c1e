"""Verifies passwords without revealing which accounts exist."""

from service.audit.tally import AuditTally
from service.auth.commands import confirm_attempt, take_attempt
from service.auth.commands.sign_in import Attempt, Origin
from service.auth.passwords import MAX_LENGTH, is_password
from service.core.actor import Actor
from service.core.database import Database

NOBODY = Actor("staff", "?")
"""The actor for unknown names; the typed name may be a password and is not recorded."""


def verify_password(
    database: Database, tally: AuditTally, name: str, password: str, origin: Origin
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
            if confirm_attempt(session, attempt):
                return attempt
    if attempt.is_known_name:
        action = "sessions:limit" if attempt.is_limited else "sessions:refuse"
        tally.add(attempt.actor, action, attempt.name)
    else:
        tally.add(NOBODY, "sessions:refuse", "unknown or disabled account")
    return None
