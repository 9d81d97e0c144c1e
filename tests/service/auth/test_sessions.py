"""Sessions of staff: opened under a random token, ended by time, idleness, sign-out or account."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from address_model.tables import StaffBrowser, StaffSession
from service.auth import commands, queries
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.auth.session_tokens import SessionToken, draw_session_token, find_session_token
from service.core.actor import COMMAND_LINE as ME
from tests.factories import make_place

HOUR = timedelta(hours=1)


@pytest.fixture
def account_id(session: Session) -> int:
    make_place(session)
    officer = Assignment(Role.OFFICER, "330102000000")
    commands.create_account(session, "zhang", officer, ME, display_name="张三")
    commands.create_account(session, "li", officer, ME)
    return queries.get_account(session, "zhang").id


def open_one(session: Session, account_id: int, *, lasts: timedelta = HOUR) -> SessionToken:
    return commands.open_session(session, account_id, "zhang", browser="Firefox", lasts=lasts)


def age(session: Session, token: SessionToken, column: str, ago: timedelta) -> None:
    statement = update(StaffSession).where(StaffSession.token_hash == token.token_hash)
    session.execute(statement.values({column: func.clock_timestamp() - ago}))


def test_an_open_session_is_its_member_with_the_present_roles(
    session: Session, account_id: int
) -> None:
    token = open_one(session, account_id)
    found = queries.find_session(session, token, HOUR)
    assert found is not None
    member = found.member
    assert (member.account_id, member.name, member.display_name) == (account_id, "zhang", "张三")
    assert member.must_change_password
    assert not found.is_stale
    commands.assign_role(session, "zhang", Assignment(Role.VIEWER, "330106000000"), ME)
    again = queries.find_session(session, token, HOUR)
    assert again is not None
    assert [one.role for one in again.member.assignments] == [Role.OFFICER, Role.VIEWER]


def test_the_database_does_not_hold_the_token(session: Session, account_id: int) -> None:
    token = open_one(session, account_id)
    held = session.scalars(select(StaffSession.token_hash)).all()
    assert held == [token.token_hash]
    assert token.secret.encode() not in held
    assert token.secret not in repr(token)


def test_a_strange_token_is_nobody(session: Session, account_id: int) -> None:
    open_one(session, account_id)
    assert queries.find_session(session, draw_session_token(), HOUR) is None


def test_a_session_ends_at_its_time_and_is_then_removed(session: Session, account_id: int) -> None:
    ended = open_one(session, account_id)
    age(session, ended, "expires_at", timedelta(seconds=1))
    assert queries.find_session(session, ended, HOUR) is None
    assert queries.list_sessions(session, account_id) == []
    open_one(session, account_id)
    assert session.scalar(select(func.count()).select_from(StaffSession)) == 1


def test_an_idle_session_has_ended(session: Session, account_id: int) -> None:
    token = open_one(session, account_id)
    age(session, token, "last_seen_at", timedelta(minutes=20))
    assert queries.find_session(session, token, timedelta(minutes=15)) is None
    assert queries.find_session(session, token, timedelta(minutes=30)) is not None


def test_a_session_seen_over_a_minute_ago_is_to_be_touched(
    session: Session, account_id: int
) -> None:
    token = open_one(session, account_id)
    age(session, token, "last_seen_at", timedelta(minutes=2))
    stale = queries.find_session(session, token, HOUR)
    assert stale is not None
    assert stale.is_stale
    commands.touch_session(session, token)
    fresh = queries.find_session(session, token, HOUR)
    assert fresh is not None
    assert not fresh.is_stale


def test_signing_out_ends_one_session_alone(session: Session, account_id: int) -> None:
    first, second = open_one(session, account_id), open_one(session, account_id)
    found = queries.find_session(session, first, HOUR)
    assert found is not None
    commands.close_session(session, first, found.member)
    assert queries.find_session(session, first, HOUR) is None
    assert queries.find_session(session, second, HOUR) is not None
    assert len(queries.list_sessions(session, account_id)) == 1


def test_closing_all_sessions_spares_those_of_others(session: Session, account_id: int) -> None:
    li = queries.get_account(session, "li").id
    kept = commands.open_session(session, li, "li", browser="", lasts=HOUR)
    commands.remember_browser(session, account_id, None)
    open_one(session, account_id)
    open_one(session, account_id)
    assert queries.get_account(session, "zhang").open_sessions == 2
    assert commands.close_sessions(session, account_id, "zhang", ME) == 2
    assert queries.get_account(session, "zhang").open_sessions == 0
    assert queries.find_session(session, kept, HOUR) is not None
    assert session.scalar(select(func.count()).select_from(StaffBrowser)) == 0


def test_a_browser_keeps_its_token_for_several_persons(session: Session, account_id: int) -> None:
    token = commands.remember_browser(session, account_id, None)
    assert queries.is_known_browser(session, token)
    li = queries.get_account(session, "li").id
    assert commands.remember_browser(session, li, token) == token
    assert session.scalar(select(func.count()).select_from(StaffBrowser)) == 2
    assert commands.remember_browser(session, li, token) == token
    assert session.scalar(select(func.count()).select_from(StaffBrowser)) == 2


def test_a_planted_browser_token_is_replaced(session: Session, account_id: int) -> None:
    planted = draw_session_token()
    assert commands.remember_browser(session, account_id, planted) != planted
    assert not queries.is_known_browser(session, planted)


def test_a_browser_unused_for_half_a_year_is_forgotten(session: Session, account_id: int) -> None:
    old = commands.remember_browser(session, account_id, None)
    session.execute(text("update staff_browser set signed_in_at = now() - interval '181 days'"))
    commands.remember_browser(session, account_id, None)
    assert not queries.is_known_browser(session, old)


def test_a_form_token_belongs_to_its_session() -> None:
    one, other = draw_session_token(), draw_session_token()
    assert one.is_form_token(one.form_token)
    assert not one.is_form_token(other.form_token)
    assert not one.is_form_token("")
    assert not one.is_form_token("ä")
    assert one.secret not in one.form_token


@pytest.mark.parametrize("text", ["", "x", "x" * 42, "x" * 44])
def test_a_cookie_of_another_form_is_no_token(text: str) -> None:
    assert find_session_token(text) is None
    assert find_session_token(draw_session_token().secret) is not None
