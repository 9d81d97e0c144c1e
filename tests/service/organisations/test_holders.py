"""Who holds a post from when to when, and the roles that come and go with it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from service.auth import commands as auth
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.auth.queries import (
    find_only_administrator,
    get_account,
    list_accounts,
    list_given,
    list_several_roles,
)
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.errors import AccountNotFound, BadRequest, Conflict, Outdated
from service.organisations import commands
from service.organisations.queries import UnitRow, get_unit, list_posts
from tests.factories import make_place
from tests.factories.units import make_post, make_unit

TOWNSHIP = "330102001000"
DAY = timedelta(days=1)


@pytest.fixture
def unit(session: Session) -> UnitRow:
    """A station, and the account li, who may look at the other county."""
    make_place(session)
    auth.create_account(session, "li", Assignment(Role.VIEWER, "330106000000"), ME)
    return make_unit(session)


def appoint(session: Session, unit: UnitRow, post: int, begins: date | None = None) -> int:
    """Appoint li; return the number of the holding."""
    commands.appoint_holder(session, unit.number, post, "li", begins=begins or today(), actor=ME)
    return max(one.id for row in list_posts(session, unit.id) for one in row.holdings)


def roles(session: Session) -> set[Assignment]:
    return set(get_account(session, "li").assignments)


def test_a_post_gives_its_role_in_the_division_of_its_unit_while_it_is_held(
    session: Session, unit: UnitRow
) -> None:
    own = Assignment(Role.VIEWER, "330106000000")
    holding = appoint(session, unit, make_post(session, unit, role=Role.OFFICER))
    by_post = Assignment(Role.OFFICER, TOWNSHIP)
    assert roles(session) == {own, by_post}
    assert list_given(session, get_account(session, "li").id) == {own}
    assert [one.name for one in list_accounts(session, scopes=("330102",))] == ["li"]
    commands.relieve_holder(session, unit.number, holding, today(), ME)
    assert roles(session) == {own, by_post}, "the last day is included"
    commands.relieve_holder(session, unit.number, holding, today() - DAY, ME)
    assert roles(session) == {own}


def test_an_appointment_of_tomorrow_gives_its_role_tomorrow(
    session: Session, unit: UnitRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = today() + DAY
    appoint(session, unit, make_post(session, unit, role=Role.APPROVER), tomorrow)
    assert Assignment(Role.APPROVER, TOWNSHIP) not in roles(session)
    monkeypatch.setattr("service.auth.queries.held_roles.today", lambda: tomorrow)
    assert Assignment(Role.APPROVER, TOWNSHIP) in roles(session)


def test_whoever_never_began_leaves_no_day(session: Session, unit: UnitRow) -> None:
    tomorrow = today() + DAY
    holding = appoint(session, unit, make_post(session, unit), tomorrow)
    commands.relieve_holder(session, unit.number, holding, today() - DAY, ME)
    [held] = list_posts(session, unit.id)[0].holdings
    assert (held.valid_from, held.valid_to) == (tomorrow, today())


@pytest.mark.parametrize("ahead", [False, True])
def test_a_post_does_not_bring_together_what_is_kept_apart(
    session: Session, unit: UnitRow, ahead: bool
) -> None:
    begins = today() + DAY if ahead else today()
    appoint(session, unit, make_post(session, unit, role=Role.OFFICER), begins)
    reading = make_post(session, unit, "审计专员", Role.AUDITOR)
    with pytest.raises(Conflict, match="三员分立"):
        appoint(session, unit, reading)
    with pytest.raises(Conflict, match="三员分立"):
        auth.assign_role(session, "li", Assignment(Role.AUDITOR), ME)
    assert list_several_roles(session) == [("li", frozenset({Role.OFFICER, Role.VIEWER}))]


def test_no_post_makes_an_administrator(session: Session, unit: UnitRow) -> None:
    with pytest.raises(BadRequest, match="administrator"):
        make_post(session, unit, "系统管理员", Role.ADMINISTRATOR)
    assert find_only_administrator(session) is None


def refuse_twice(session: Session, unit: UnitRow, post: int) -> None:
    appoint(session, unit, post)
    appoint(session, unit, post, today() + DAY)


def refuse_before_the_post(session: Session, unit: UnitRow, post: int) -> None:
    appoint(session, unit, post, today() - DAY)


def refuse_unknown(session: Session, unit: UnitRow, post: int) -> None:
    commands.appoint_holder(session, unit.number, post, "nobody", begins=today(), actor=ME)


def refuse_closed_post(session: Session, unit: UnitRow, post: int) -> None:
    commands.close_unit(session, unit.number, today(), ME)
    appoint(session, unit, post + 1)


def refuse_unknown_holding(session: Session, unit: UnitRow, post: int) -> None:
    commands.relieve_holder(session, unit.number, post, today(), ME)


def refuse_second_post(session: Session, unit: UnitRow, post: int) -> None:
    make_post(session, unit)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (refuse_twice, Conflict),
        (refuse_before_the_post, BadRequest),
        (refuse_unknown, AccountNotFound),
        (refuse_closed_post, Conflict),
        (refuse_unknown_holding, Conflict),
        (refuse_second_post, Conflict),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session,
    unit: UnitRow,
    act: Callable[[Session, UnitRow, int], None],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        act(session, unit, make_post(session, unit))


def test_a_post_is_closed_when_it_is_vacant(session: Session, unit: UnitRow) -> None:
    post = make_post(session, unit)
    holding = appoint(session, unit, post)
    with pytest.raises(Conflict, match="li"):
        commands.close_post(session, unit.number, post, today(), ME)
    with pytest.raises(Conflict, match="li"):
        commands.close_unit(session, unit.number, today(), ME)
    commands.relieve_holder(session, unit.number, holding, today(), ME)
    with pytest.raises(BadRequest):
        commands.close_post(session, unit.number, post, date(2025, 1, 1), ME)
    commands.close_post(session, unit.number, post, today(), ME)
    assert list_posts(session, unit.id)[0].valid_to == today()


def test_each_act_makes_the_page_that_others_have_open_stale(
    session: Session, unit: UnitRow
) -> None:
    post = make_post(session, unit)
    seen = get_unit(session, unit.number).version
    appoint(session, unit, post)
    with pytest.raises(Outdated):
        commands.close_post(session, unit.number, post, today(), ME, seen=seen)


def test_an_account_moves_between_units_that_last(session: Session, unit: UnitRow) -> None:
    other = make_unit(session, "湖滨派出所")
    commands.move_account(session, "li", unit.number, ME)
    assert [one.name for one in list_accounts(session, unit_id=unit.id)] == ["li"]
    commands.move_account(session, "li", other.number, ME)
    assert get_account(session, "li").unit_id == other.id
    commands.close_unit(session, unit.number, today() - DAY, ME)
    with pytest.raises(Conflict, match="ended"):
        commands.move_account(session, "li", unit.number, ME)
    commands.move_account(session, "li", "", ME)
    assert get_account(session, "li").unit_id is None
