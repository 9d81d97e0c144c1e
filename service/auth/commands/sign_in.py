"""Counts attempts to sign in before they are made, so that nobody gets more than a few.

They count by account and network: a stranger who guesses locks the own network out, never the
person. Over all networks an account takes so many from strangers in an hour; a browser from which
the person has signed in before is none.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount, StaffBrowser
from service.auth.names import fold_name
from service.auth.session_tokens import SessionToken
from service.core.actor import Actor
from service.core.limits import Limit, forget_counted, key_of, take_now

MAX_ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
OF_NETWORK = Limit("password_network", MAX_ATTEMPTS, int(LOCKED.total_seconds()))
OF_STRANGERS = Limit("password_strangers", 100, 3600)
OF_BROWSER = Limit("password_browser", 10, int(LOCKED.total_seconds()))
KNOWN_FOR = timedelta(days=180)
"""A browser that was not used for so long is a stranger's again."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from: an address's network, and the token its browser has, if any."""

    network: str
    browser: SessionToken | None = None


SHELL = Origin("shell")
"""A command at a shell of this register."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may go on: the account and the hash that its password must have.

    ``account_id`` is None, and the hash "", for an account that is unknown or disabled, and where
    there were too many (``is_limited``): whoever asks must not be able to tell, so the password is
    compared all the same. ``counted`` is what gives the attempts back.
    """

    account_id: int | None
    name: str
    password_hash: str
    is_known_name: bool = True
    is_limited: bool = False
    counted: tuple[Limit, bytes] | None = None

    @property
    def actor(self) -> Actor:
        """Whoever says to be this person."""
        return Actor("staff", self.name)


def take_attempt(session: Session, name: str, origin: Origin) -> Attempt:
    """Take one of the attempts that are left; it costs the same whatever the name."""
    folded = fold_name(name)
    browser = origin.browser.token_hash if origin.browser else b""
    known = exists().where(
        StaffBrowser.token_hash == browser,
        StaffBrowser.account_id == StaffAccount.id,
        StaffBrowser.signed_in_at > func.clock_timestamp() - KNOWN_FOR,
    )
    account = session.execute(
        select(StaffAccount.id, StaffAccount.password_hash, known.label("is_known")).where(
            and_(StaffAccount.name == folded, StaffAccount.is_active)
        )
    ).first()
    is_known = account is not None and account.is_known
    limit = OF_BROWSER if is_known else OF_NETWORK
    who = key_of(session, f"{folded}\0{browser.hex() if is_known else origin.network}")
    within = take_now(session, limit, who)
    if within and not is_known:
        within = take_now(session, OF_STRANGERS, key_of(session, folded))
    if account is None or not within:
        return Attempt(None, folded, "", account is not None, not within)
    return Attempt(account.id, folded, account.password_hash, counted=(limit, who))


def confirm_attempt(session: Session, attempt: Attempt) -> bool:
    """Give the attempts back after the right password; False if the account was ended meanwhile."""
    standing = session.scalar(
        select(StaffAccount.id)
        .where(
            StaffAccount.id == attempt.account_id,
            StaffAccount.is_active,
            StaffAccount.password_hash == attempt.password_hash,
        )
        .with_for_update(key_share=True)
    )
    if standing is not None and attempt.counted is not None:
        forget_counted(session, *attempt.counted)
    return standing is not None
