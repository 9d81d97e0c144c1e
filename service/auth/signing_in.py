"""Compares a password with an account's, so that nobody learns which accounts there are."""

from service.audit.tally import AuditTally
from service.auth.commands import confirm_attempt, refuse_attempt, take_attempt
from service.auth.commands.sign_in import Attempt
from service.auth.passwords import MAX_LENGTH, is_password
from service.core.actor import Actor
from service.core.database import Database

NOBODY = Actor("staff", "?")
"""Whoever typed a name that is no account's; the name may be a password, and is not kept."""


def verify_password(
    database: Database, tally: AuditTally, name: str, password: str
) -> Attempt | None:
    """The attempt, if the password is right and the account may sign in; None otherwise.

    The attempt is counted before the password is compared and given back if it was right, so that
    any number of attempts at once get no further than one after the other. An account that is
    unknown, disabled or locked costs the same time as a wrong password.

    Raises:
        Busy: too many are signing in.
    """
    with database.session() as session:
        attempt = take_attempt(session, name)
    if attempt.account_id is None:
        tally.add(NOBODY, "sessions:refuse", "unknown, disabled or locked account")
    right = is_password(attempt.password_hash, password[: MAX_LENGTH + 1])
    with database.session() as session:
        if attempt.account_id is None:
            return None
        if right and confirm_attempt(session, attempt):
            return attempt
        refuse_attempt(session, attempt)
        return None
