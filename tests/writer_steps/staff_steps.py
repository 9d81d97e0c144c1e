"""Commands of accounts and clients as `menpai accounts`, `menpai clients` and pages give them."""

from datetime import timedelta

from service.audit.tally import AuditTally
from service.auth import commands
from service.auth.commands.sign_in import SHELL
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Permission, Role
from service.auth.queries import (
    get_account,
    get_second_factor,
    list_accounts,
    list_clients,
)
from service.auth.signing_in import verify_code, verify_password
from service.auth.totp import PERIOD_S, code_at
from service.changes.commands import keep_feed
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from tests.factories.programs import grant_program
from tests.writer_steps.hand import Hand

ACCOUNTS, CLIENTS = ("zhang", "li", "wang"), ("urban", "fire")
PASSWORD = "Lanterns-on-7-bridges"  # noqa: S105 - of accounts in a database of a test


def create_account(hand: Hand) -> None:
    with hand.database.session() as session:
        commands.create_account(session, f"staff-{hand.number()}", Assignment(Role.VIEWER), ME)


def assign_role(hand: Hand) -> None:
    name, role = _account(hand), hand.drawn.choice((Role.OFFICER, Role.ADMINISTRATOR))
    with hand.database.session() as session:
        commands.assign_role(session, name, Assignment(role), ME)


def withdraw_role(hand: Hand) -> None:
    name, role = _account(hand), hand.drawn.choice((Role.OFFICER, Role.ADMINISTRATOR))
    with hand.database.session() as session:
        commands.withdraw_role(session, name, Assignment(role), ME)


def disable_account(hand: Hand) -> None:
    name = _account(hand)
    with hand.database.session() as session:
        commands.disable_account(session, name, ME)
    with hand.database.session() as session:
        commands.enable_account(session, name, ME)


def change_password(hand: Hand) -> None:
    name = _account(hand)
    with hand.database.session() as session:
        first = commands.reset_password(session, name, ME)
    attempt = verify_password(hand.database, AuditTally(hand.database), name, first, SHELL)
    if attempt is not None:
        with hand.database.session() as session:
            commands.change_password(session, attempt, f"{PASSWORD}-{hand.number()}")


def sign_in_and_out(hand: Hand) -> None:
    name = _account(hand)
    with hand.database.session() as session:
        held = get_account(session, name)
        token = commands.open_session(
            session, held.id, name, browser="test", lasts=timedelta(hours=1)
        )
        commands.remember_browser(session, held.id, None)
    member = StaffMember(held.id, name, name, held.assignments)
    with hand.database.session() as session:
        commands.close_session(session, token, member)


def join_and_use_second_factor(hand: Hand) -> None:
    """Join an authenticator, sign in with its next code, and take it away."""
    name = _account(hand)
    with hand.database.session() as session:
        held = get_account(session, name)
        member = StaffMember(held.id, name, name, held.assignments)
        commands.begin_second_factor(session, member)
    with hand.database.session() as session:
        secret = get_second_factor(session, held.id).secret
        step = int(now_utc().timestamp()) // PERIOD_S
        code = code_at(secret, step)
        commands.confirm_second_factor(session, member, code, now_utc())
    verify_code(hand.database, AuditTally(hand.database), name, code_at(secret, step + 1), SHELL)
    with hand.database.session() as session:
        token = commands.open_session(
            session, held.id, name, browser="", lasts=timedelta(minutes=1), awaits_code=True
        )
        commands.drop_awaiting(session, token)
    with hand.database.session() as session:
        commands.reset_second_factor(session, name, ME)


def bind_and_release_identity(hand: Hand) -> None:
    name, issuer = _account(hand), "https://sso.example"
    with hand.database.session() as session:
        commands.bind_identity(session, name, issuer, f"zj-{hand.number()}", ME)
    with hand.database.session() as session:
        commands.release_identity(session, name, ME)


def end_sessions(hand: Hand) -> None:
    name = _account(hand)
    with hand.database.session() as session:
        account = get_account(session, name)
        commands.close_sessions(session, account.id, name, ME)


def renew_samples(hand: Hand) -> None:
    with hand.database.session() as session:
        commands.renew_sample_accounts(session, "330000000000", ME)


def create_client(hand: Hand) -> None:
    with hand.database.session() as session:
        commands.create_client(session, f"office-{hand.number()}", ME)


def change_keys(hand: Hand) -> None:
    name = _client(hand)
    with hand.database.session() as session:
        commands.add_key(session, name, ME)
    with hand.database.reading() as session:
        shared = [one for one in list_clients(session) if one.name in CLIENTS]
        keys = [key.prefix for one in shared for key in one.keys]
    with hand.database.session() as session:
        commands.revoke_key(session, hand.drawn.choice(keys), ME)


def revoke_all_keys(hand: Hand) -> None:
    name = _client(hand)
    with hand.database.session() as session:
        commands.revoke_keys_of(session, name, ME)
        commands.add_key(session, name, ME)


def grant_and_withdraw(hand: Hand) -> None:
    name, division = _client(hand), hand.drawn.choice(("", "330102"))
    with hand.database.session() as session:
        number = grant_program(session, name, {Permission.PLATES_INSTALL}, division)
    with hand.database.session() as session:
        commands.withdraw_grant(session, number, ME)


def close_client(hand: Hand) -> None:
    name = f"office-{hand.number()}"
    with hand.database.session() as session:
        commands.create_client(session, name, ME)
    with hand.database.session() as session:
        commands.close_client(session, name, ME)


def keep_feed_in_months(hand: Hand) -> None:
    with hand.database.session() as session:
        keep_feed(session, 365)


def _account(hand: Hand) -> str:
    """One of a few accounts that all writers share; whoever comes first makes it."""
    name = hand.drawn.choice(ACCOUNTS)
    with hand.database.session() as session:
        known = {account.name for account in list_accounts(session)}
        if name not in known:
            commands.create_account(session, name, Assignment(Role.VIEWER), ME)
    return name


def _client(hand: Hand) -> str:
    """One of a few clients that all writers share; whoever comes first makes it."""
    name = hand.drawn.choice(CLIENTS)
    with hand.database.session() as session:
        if name not in {one.name for one in list_clients(session)}:
            commands.create_client(session, name, ME)
    return name
