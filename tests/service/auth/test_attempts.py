"""Attempts to sign in are counted by account and network before the password is compared."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.auth import commands, queries
from service.auth.commands.sign_in import MAX_ATTEMPTS, OF_BROWSER, OF_STRANGERS, Origin
from service.auth.members import Assignment
from service.auth.passwords import is_password
from service.auth.permissions import Role
from service.auth.session_tokens import draw_session_token
from service.core.actor import COMMAND_LINE as ME
from tests.factories import make_place

HOME, STRANGE = Origin("192.0.2.1"), Origin("198.51.100.1")


@pytest.fixture
def staff(session: Session) -> Session:
    make_place(session)
    commands.create_account(session, "zhang", Assignment(Role.OFFICER, "330102000000"), ME)
    return session


def spend(session: Session, origin: Origin, number: int = MAX_ATTEMPTS) -> None:
    for _ in range(number):
        assert not commands.take_attempt(session, "zhang", origin).is_limited


def test_an_attempt_has_the_account_and_its_hash(staff: Session) -> None:
    password = commands.reset_password(staff, "zhang", ME)
    attempt = commands.take_attempt(staff, " ZHANG ", HOME)
    assert attempt.account_id == queries.get_account(staff, "zhang").id
    assert attempt.name == "zhang"
    assert is_password(attempt.password_hash, password)
    assert attempt.is_known_name
    assert str(attempt.actor) == "staff zhang" or attempt.actor.name == "zhang"


def test_the_sixth_attempt_of_a_network_is_refused_and_another_network_goes_on(
    staff: Session,
) -> None:
    spend(staff, STRANGE)
    refused = commands.take_attempt(staff, "zhang", STRANGE)
    assert refused.is_limited
    assert (refused.account_id, refused.password_hash) == (None, "")
    assert not commands.take_attempt(staff, "zhang", HOME).is_limited


def test_the_spelling_of_a_name_gives_no_further_attempts(staff: Session) -> None:
    for name in ("zhang", "ZHANG", " zhang", "ｚｈａｎｇ", "Zhang"):
        commands.take_attempt(staff, name, STRANGE)
    assert commands.take_attempt(staff, "zhang", STRANGE).is_limited


def test_many_networks_together_get_no_more_than_the_limit_of_strangers(staff: Session) -> None:
    for number in range(OF_STRANGERS.count):
        taken = commands.take_attempt(staff, "zhang", Origin(f"network {number}"))
        assert not taken.is_limited
    assert commands.take_attempt(staff, "zhang", Origin("one more")).is_limited


def test_a_known_browser_is_not_locked_out_by_strangers(staff: Session) -> None:
    account = queries.get_account(staff, "zhang")
    browser = commands.remember_browser(staff, account.id, None)
    spend(staff, HOME)
    known = Origin(HOME.network, browser)
    spend(staff, known, OF_BROWSER.count)
    assert commands.take_attempt(staff, "zhang", known).is_limited


def test_an_unknown_browser_counts_as_its_network(staff: Session) -> None:
    spend(staff, HOME)
    shown = Origin(HOME.network, draw_session_token())
    assert commands.take_attempt(staff, "zhang", shown).is_limited


@pytest.mark.parametrize("is_disabled", [True, False])
def test_an_account_that_may_not_sign_in_looks_like_none(staff: Session, is_disabled: bool) -> None:
    if is_disabled:
        commands.disable_account(staff, "zhang", ME)
    attempt = commands.take_attempt(staff, "zhang" if is_disabled else "nobody", HOME)
    assert (attempt.account_id, attempt.password_hash) == (None, "")
    assert not attempt.is_known_name
    assert not attempt.is_limited
    assert not commands.confirm_attempt(staff, attempt)


def test_the_right_password_gives_the_attempts_back(staff: Session) -> None:
    spend(staff, HOME, MAX_ATTEMPTS - 1)
    assert commands.confirm_attempt(staff, commands.take_attempt(staff, "zhang", HOME))
    spend(staff, HOME)
    assert commands.take_attempt(staff, "zhang", HOME).is_limited


def test_an_attempt_fails_if_the_password_or_account_changed_meanwhile(staff: Session) -> None:
    attempt = commands.take_attempt(staff, "zhang", HOME)
    commands.reset_password(staff, "zhang", ME)
    assert not commands.confirm_attempt(staff, attempt)
    attempt = commands.take_attempt(staff, "zhang", HOME)
    staff.execute(text("update staff_account set is_active = false"))
    assert not commands.confirm_attempt(staff, attempt)
