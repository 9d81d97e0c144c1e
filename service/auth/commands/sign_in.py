"""Limits sign-in attempts; each is counted before the password is compared.

Attempts are counted by account and network: a stranger who guesses locks out their own network, not
the person. A second limit counts an account's attempts from all networks per hour. Browsers from
which the person has signed in before have a limit of their own.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount, StaffBrowser
from service.auth.names import fold_name
from service.auth.queries.second_factors import has_second_factor
from service.auth.session_tokens import SessionToken
from service.core.actor import Actor
from service.core.limits import Limit, forget_counted, key_of, take_now

MAX_ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
OF_NETWORK = Limit("password_network", MAX_ATTEMPTS, int(LOCKED.total_seconds()))
OF_STRANGERS = Limit("password_strangers", 100, 3600)
OF_BROWSER = Limit("password_browser", 10, int(LOCKED.total_seconds()))
KNOWN_FOR = timedelta(days=180)
"""How long a browser stays known after its last sign-in."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of an attempt: the client's network, and its browser's token, if any."""

    network: str
    browser: SessionToken | None = None


SHELL = Origin("shell")
"""The origin of commands at a shell."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted attempt: the account, and the hash that the password must match.

    ``account_id`` is None, and the hash "", for an unknown or disabled account, and if there were
    too many attempts (``is_limited``): the caller must not see the difference, so a password is
    compared all the same. ``counted`` is the count to reset on success.
    """

    account_id: int | None
    name: str
    password_hash: str
    is_known_name: bool = True
    is_limited: bool = False
    counted: tuple[Limit, bytes] | None = None

    @property
    def actor(self) -> Actor:
        """The claimed identity."""
        return Actor("staff", self.name)


def take_attempt(session: Session, name: str, origin: Origin) -> Attempt:
    """Count an attempt; takes the same time for any name."""
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


def confirm_attempt(session: Session, attempt: Attempt, *, code_follows: bool = False) -> bool:
    """Reset the count after the right password; False if the account was disabled or changed.

    With ``code_follows`` the count of an account with an authenticator stands until its code has
    come: else who knows the password could guess codes without end.
    """
    standing = session.scalar(
        select(StaffAccount.id)
        .where(
            StaffAccount.id == attempt.account_id,
            StaffAccount.is_active,
            StaffAccount.password_hash == attempt.password_hash,
        )
        .with_for_update(key_share=True)
    )
    counts_on = code_follows and standing is not None and has_second_factor(session, standing)
    if standing is not None and attempt.counted is not None and not counts_on:
        forget_counted(session, *attempt.counted)
    return standing is not None
