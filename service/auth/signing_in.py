"""Compares a password with an account's, so that nobody learns which accounts there are."""

from service.audit.tally import AuditTally
from service.auth.commands import confirm_attempt, take_attempt
from service.auth.commands.sign_in import Attempt, Origin
from service.auth.passwords import MAX_LENGTH, is_password
from service.core.actor import Actor
from service.core.database import Database

NOBODY = Actor("staff", "?")
"""Whoever typed a name that is no account's; the name may be a password, and is not kept."""


def verify_password(
    database: Database, tally: AuditTally, name: str, password: str, origin: Origin
) -> Attempt | None:
    """The attempt, if the password is right and the account may sign in; None otherwise.

    The attempt is counted before the password is compared and given back if it was right, so that
    any number of attempts at once get no further than one after the other. Every refusal costs the
    same: one transaction that counts, one hash, and a note that is kept in memory for a minute.

    Raises:
        Busy: too many are signing in.
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
