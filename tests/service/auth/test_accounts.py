"""Accounts of staff: created, given and deprived of roles, disabled, and their passwords."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount
from service.audit.queries import verify_chain
from service.auth import commands, queries
from service.auth.commands.sign_in import Attempt
from service.auth.members import Assignment
from service.auth.passwords import is_password
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import (
    AccountNotFound,
    BadRequest,
    Conflict,
    DivisionNotFound,
)
from tests.factories import make_place

COUNTY = "330102000000"
OFFICER = Assignment(Role.OFFICER, COUNTY)
WHOLE = Assignment(Role.ADMINISTRATOR)
NEW = "河坊街上的七把雨伞都开"
IDLE = timedelta(hours=1)


@pytest.fixture
def staff(session: Session) -> Session:
    """The divisions, and an administrator of the whole register."""
    make_place(session)
    commands.create_account(session, "root", WHOLE, ME)
    return session


def attempt(session: Session, name: str) -> Attempt:
    row = session.execute(
        select(StaffAccount.id, StaffAccount.password_hash).where(StaffAccount.name == name)
    ).one()
    return Attempt(row.id, name, row.password_hash)


def test_an_account_begins_with_one_role_and_a_password_to_be_changed(staff: Session) -> None:
    password = commands.create_account(staff, " Zhang.San ", OFFICER, ME, display_name=" 张三 ")
    account = queries.get_account(staff, "zhang.san")
    assert account.assignments == (OFFICER,)
    assert (account.display_name, account.is_active, account.is_sample) == ("张三", True, False)
    assert account.must_change_password
    assert account.password_issued_by == str(ME)
    assert account.decides_from is not None
    stored = attempt(staff, "zhang.san").password_hash
    assert password not in stored
    assert is_password(stored, password)
    finish(staff)
    assert verify_chain(staff).is_whole


@pytest.mark.parametrize("name", ["ROOT", "root", "ｒｏｏｔ"])
def test_a_name_is_taken_in_every_spelling(staff: Session, name: str) -> None:
    with pytest.raises(Conflict, match="root"):
        commands.create_account(staff, name, OFFICER, ME)


@pytest.mark.parametrize("name", ["", "a", "new", "-zhang", "zhang san", "x" * 33, "张\n三"])
def test_a_name_that_cannot_be_one_is_refused(staff: Session, name: str) -> None:
    with pytest.raises(BadRequest):
        commands.create_account(staff, name, OFFICER, ME)


def test_a_role_in_an_unknown_division_is_refused(staff: Session) -> None:
    commands.create_account(staff, "zhang", OFFICER, ME)
    with pytest.raises(DivisionNotFound):
        commands.assign_role(staff, "zhang", Assignment(Role.VIEWER, "990000000000"), ME)
    assert queries.get_account(staff, "zhang").assignments == (OFFICER,)


def test_a_role_given_twice_by_prefix_and_code_is_one(staff: Session) -> None:
    commands.create_account(staff, "zhang", Assignment(Role.OFFICER, "330102"), ME)
    commands.assign_role(staff, "zhang", OFFICER, ME)
    assert queries.get_account(staff, "zhang").assignments == (OFFICER,)


def test_a_withdrawn_role_is_gone_and_the_others_stay(staff: Session) -> None:
    viewer = Assignment(Role.VIEWER, "330106000000")
    commands.create_account(staff, "zhang", OFFICER, ME)
    commands.assign_role(staff, "zhang", viewer, ME)
    commands.withdraw_role(staff, "zhang", OFFICER, ME)
    assert queries.get_account(staff, "zhang").assignments == (viewer,)


def test_the_last_administrator_of_the_whole_register_stays(staff: Session) -> None:
    commands.create_account(staff, "county", Assignment(Role.ADMINISTRATOR, COUNTY), ME)
    for act in (
        lambda: commands.withdraw_role(staff, "root", WHOLE, ME),
        lambda: commands.disable_account(staff, "root", ME),
    ):
        with pytest.raises(Conflict, match="last administrator"):
            act()
    commands.create_account(staff, "second", WHOLE, ME)
    commands.disable_account(staff, "root", ME)
    with pytest.raises(Conflict, match="last administrator"):
        commands.withdraw_role(staff, "second", WHOLE, ME)
    commands.enable_account(staff, "root", ME)
    commands.withdraw_role(staff, "second", WHOLE, ME)
    assert queries.get_account(staff, "second").assignments == ()


def test_a_disabled_account_loses_its_sessions_until_it_signs_in_again(staff: Session) -> None:
    commands.create_account(staff, "zhang", OFFICER, ME)
    account = queries.get_account(staff, "zhang")
    token = commands.open_session(staff, account.id, "zhang", browser="", lasts=IDLE)
    commands.disable_account(staff, "zhang", ME)
    assert not queries.get_account(staff, "zhang").is_active
    commands.enable_account(staff, "zhang", ME)
    assert queries.get_account(staff, "zhang").is_active
    assert queries.find_session(staff, token, IDLE) is None


def test_a_reset_password_replaces_the_old_one_and_ends_all_sessions(staff: Session) -> None:
    old = commands.create_account(staff, "zhang", OFFICER, ME)
    account = queries.get_account(staff, "zhang")
    staff.execute(
        update(StaffAccount)
        .where(StaffAccount.id == account.id)
        .values(must_change_password=False, password_issued_at=None)
    )
    assert queries.get_account(staff, "zhang").decides_from is None
    token = commands.open_session(staff, account.id, "zhang", browser="", lasts=IDLE)
    new = commands.reset_password(staff, "zhang", ME)
    stored = attempt(staff, "zhang").password_hash
    assert is_password(stored, new)
    assert not is_password(stored, old)
    assert queries.find_session(staff, token, IDLE) is None
    after = queries.get_account(staff, "zhang")
    assert after.must_change_password
    assert after.decides_from is not None


def test_an_issued_password_stops_decisions_for_a_day_only(staff: Session) -> None:
    commands.create_account(staff, "zhang", OFFICER, ME)
    staff.execute(
        text(
            "update staff_account set password_issued_at = now() - interval '25 hours' "
            "where name = 'zhang'"
        )
    )
    assert queries.get_account(staff, "zhang").decides_from is None


def test_a_changed_password_need_not_be_changed_again(staff: Session) -> None:
    commands.create_account(staff, "zhang", OFFICER, ME)
    account = queries.get_account(staff, "zhang")
    token = commands.open_session(staff, account.id, "zhang", browser="", lasts=IDLE)
    commands.change_password(staff, attempt(staff, "zhang"), NEW)
    assert is_password(attempt(staff, "zhang").password_hash, NEW)
    assert not queries.get_account(staff, "zhang").must_change_password
    assert queries.find_session(staff, token, IDLE) is None


@pytest.mark.parametrize("new", ["short", "zhang-的密码很长很长", "Passw0rd2026"])
def test_a_weak_password_is_refused(staff: Session, new: str) -> None:
    password = commands.create_account(staff, "zhang", OFFICER, ME)
    with pytest.raises(BadRequest):
        commands.change_password(staff, attempt(staff, "zhang"), new)
    assert is_password(attempt(staff, "zhang").password_hash, password)


def test_the_current_password_is_not_a_new_one(staff: Session) -> None:
    password = commands.create_account(staff, "zhang", OFFICER, ME)
    with pytest.raises(Conflict, match="current password"):
        commands.change_password(staff, attempt(staff, "zhang"), password)


def test_a_password_changed_meanwhile_is_not_overwritten(staff: Session) -> None:
    commands.create_account(staff, "zhang", OFFICER, ME)
    before = attempt(staff, "zhang")
    other = commands.reset_password(staff, "zhang", ME)
    with pytest.raises(Conflict, match="meanwhile"):
        commands.change_password(staff, before, NEW)
    assert is_password(attempt(staff, "zhang").password_hash, other)


def test_accounts_are_listed_by_the_divisions_of_their_roles(staff: Session) -> None:
    commands.create_account(staff, "county", OFFICER, ME)
    commands.create_account(staff, "town", Assignment(Role.CREW, "330102001000"), ME)
    commands.create_account(staff, "west", Assignment(Role.VIEWER, "330106000000"), ME)

    def names(*scopes: str, after: str = "", limit: int = 100) -> list[str]:
        rows = queries.list_accounts(staff, scopes=scopes, after=after, limit=limit)
        return [row.name for row in rows]

    assert names("") == ["county", "root", "town", "west"]
    assert names("330102") == ["county", "town"]
    assert names("330102", "330106", after="county") == ["town", "west"]
    assert names("", limit=1) == ["county"]
    assert names() == []


def test_an_unknown_account_is_not_found(staff: Session) -> None:
    for act in (queries.get_account, queries.hold_account):
        with pytest.raises(AccountNotFound, match="nobody"):
            act(staff, "nobody")


def test_only_one_administrator_is_found_as_such(staff: Session) -> None:
    found = queries.find_only_administrator(staff)
    assert found is not None
    assert found.name == "root"
    commands.create_account(staff, "second", Assignment(Role.ADMINISTRATOR, COUNTY), ME)
    assert queries.find_only_administrator(staff) is None
    commands.disable_account(staff, "second", ME)
    assert queries.find_only_administrator(staff) is not None


def test_a_role_of_a_later_version_gives_nothing(staff: Session) -> None:
    commands.create_account(staff, "zhang", OFFICER, ME)
    staff.execute(
        text(
            "insert into role_assignment (account_id, role, division) "
            "select id, 'emperor', '' from staff_account where name = 'zhang'"
        )
    )
    assert queries.get_account(staff, "zhang").assignments == (OFFICER,)
