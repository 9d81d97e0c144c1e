"""Units at the desk: looked at before it is done, done, and refused with what was typed."""

import re
from collections.abc import Iterator
from itertools import count

import pytest

from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.clock import today
from service.organisations.queries import get_unit, list_posts
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, sign_in
from tests.factories.units import make_post, make_unit

_numbers = count(1)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        with made.database.session() as session:
            insert_account(session, "boss", Role.ADMINISTRATOR, COUNTIES["own"])
            insert_account(session, "reader", Role.VIEWER, COUNTIES["own"])
            insert_account(session, "clerk", Role.OFFICER, COUNTIES["own"])
            insert_account(session, "neighbour", Role.VIEWER, COUNTIES["foreign"])
        yield made


@pytest.fixture(scope="module")
def boss(office: Office) -> SignedIn:
    return sign_in(office.database, "boss")


@pytest.fixture
def number(office: Office) -> str:
    """A unit with a vacant post that carries the role of a crew."""
    with office.database.session() as session:
        unit = make_unit(session, f"示例派出所 {next(_numbers)}", COUNTIES["own"])
        make_post(session, unit, role=Role.CREW)
    return unit.number


def post_of(office: Office, number: str) -> int:
    with office.database.reading() as session:
        return list_posts(session, get_unit(session, number).id)[0].id


def test_a_look_shows_what_follows_and_does_nothing(
    office: Office, boss: SignedIn, number: str
) -> None:
    home = f"/admin/units/{number}"
    fields = {"name": "示例派出所甲", "kind": "police_station", "phone": "0571-87654321"}
    look = boss.post(f"{home}/correct", **fields, step="look")
    assert look.status_code == 200
    for said in ("还没有办理", "示例派出所甲", "0571-87654321"):
        assert said in look.text
    assert "示例派出所甲" not in boss.get(home).text
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', look.text))
    assert carried | fields == carried
    done = boss.browser.post(f"{home}/correct", data=carried)
    assert (done.status_code, done.headers["location"]) == (303, home)
    assert "示例派出所甲" in boss.get(home).text


def test_a_holder_gets_the_role_and_loses_it_again(
    office: Office, boss: SignedIn, number: str
) -> None:
    home, post = f"/admin/units/{number}", post_of(office, number)
    look = boss.post(f"{home}/appoint", post=post, account="reader", step="look")
    assert "授予角色：安装员" in look.text
    assert boss.post(f"{home}/appoint", post=post, account=" Reader ").status_code == 303
    with office.database.reading() as session:
        assert Role.CREW in {one.role for one in get_account(session, "reader").assignments}
        holding = list_posts(session, get_unit(session, number).id)[0].holdings[0].id
    page = boss.get("/admin/accounts/reader").text
    assert "随岗位" in page
    assert page.count("/roles/withdraw") == 1, "what a post gives is not withdrawn here"
    eve = "2026-01-01"
    assert boss.post(f"{home}/relieve", holding=holding, day=eve).status_code == 303
    with office.database.reading() as session:
        assert {one.role for one in get_account(session, "reader").assignments} == {Role.VIEWER}
    assert "历任" in boss.get(home).text


def test_what_is_refused_stands_again_with_the_reason(
    office: Office, boss: SignedIn, number: str
) -> None:
    post = post_of(office, number)
    for account, said in (
        ("nobody", "没有账号"),
        ("boss", "不能"),
        ("neighbour", "没有账号"),
    ):
        answer = boss.post(f"/admin/units/{number}/appoint", post=post, account=account)
        assert answer.status_code >= 400
        assert "没有办理" in answer.text, account
        assert f'value="{account}"' in answer.text
        assert said in answer.text, answer.text


def test_a_unit_is_opened_below_another_and_an_account_in_it(
    office: Office, boss: SignedIn, number: str
) -> None:
    fields = {"name": "清波社区居委会", "kind": "committee", "division": "330102001000"}
    assert "清波社区居委会" in boss.post("/admin/units/new", **fields, step="look").text
    made = boss.post("/admin/units/new", **fields, parent=number, begins=str(today()))
    home = made.headers["location"]
    assert "清波社区居委会" in boss.get(f"/admin/units/{number}").text
    listed = boss.get("/admin/units").text
    assert listed.index(number) < listed.index(home.rpartition("/")[2])
    account = {"name": "wang.fang", "role": "viewer", "division": "330102001000"}
    shown = boss.post("/admin/accounts/new", **account, unit=home.rpartition("/")[2])
    assert shown.status_code == 200
    assert "wang.fang" in boss.get(home).text
    moved = boss.post("/admin/accounts/wang.fang/unit", unit=number)
    assert moved.status_code == 303
    assert "wang.fang" not in boss.get(home).text


def test_both_roles_are_named_where_one_person_may_not_have_them(
    office: Office, boss: SignedIn
) -> None:
    fields = {"role": "auditor", "division": COUNTIES["own"]}
    answer = boss.post("/admin/accounts/clerk/roles", **fields)
    assert answer.status_code == 409
    for said in ("地址专员", "审计员", "三员分立", "收回"):
        assert said in answer.text


def test_readers_see_units_and_change_none(office: Office, number: str) -> None:
    reader = sign_in(office.database, "clerk")
    page = reader.get(f"/admin/units/{number}").text
    assert "岗位和任职" in page
    assert page.count("<form") == 2, "the search field and signing out"
    assert reader.get("/admin/units/new").status_code == 403
    foreign = sign_in(office.database, "neighbour")
    assert foreign.get(f"/admin/units/{number}").status_code == 404
    assert number not in foreign.get("/admin/units").text
