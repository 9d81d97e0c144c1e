"""A second step at signing in: joined, asked for, used once, counted, and taken away."""

import re
from datetime import timedelta
from itertools import count

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.auth.permissions import Role
from service.auth.totp import PERIOD_S, code_at
from service.core.clock import now_utc
from service.core.database import Database
from service.core.settings import Settings
from tests.factories.staff import COOKIE, FORM, SignedIn, make_account, open_browser, sign_in

EVERYWHERE = (Role.OFFICER, "")
STRICT = Settings(totp_roles=("approver",))
_names = count(1)


@pytest.fixture
def person(office: Database) -> tuple[str, str]:
    """Name and password of an account."""
    name = f"second-{next(_names)}"
    return name, make_account(office, name, EVERYWHERE)


def secret_of(office: Database, name: str) -> bytes:
    statement = text(
        "select f.secret from second_factor f join staff_account a on a.id = f.account_id "
        "where a.name = :name"
    )
    with office.reading() as session:
        return bytes(session.execute(statement, {"name": name}).scalar_one())


def code_now(office: Database, name: str, late: int = 1) -> str:
    """The code of the next step, which counts already, and also if the step ends meanwhile."""
    return code_at(secret_of(office, name), int(now_utc().timestamp()) // PERIOD_S + late)


def join(office: Database, member: SignedIn, name: str) -> list[str]:
    """Join an authenticator; return the recovery codes."""
    assert member.post("/admin/second-factor").status_code == 303
    done = member.post("/admin/second-factor/confirm", code=code_now(office, name, 0))
    assert done.status_code == 200
    return re.findall(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", done.text)


def send_password(office: Database, person: tuple[str, str]) -> tuple[TestClient, str]:
    """A browser behind the right password, and the form token of the next page."""
    browser = open_browser(office)
    answer = browser.post("/admin/sign-in", data={"name": person[0], "password": person[1]})
    assert answer.headers["location"] == "/admin/sign-in/code?next=/admin"
    found = FORM.search(browser.get(answer.headers["location"]).text)
    assert found
    return browser, found[1]


def send_code(browser: TestClient, token: str, code: str) -> int:
    data = {"form_token": token, "code": code}
    return int(browser.post("/admin/sign-in/code", data=data).status_code)


def test_the_secret_is_shown_until_the_first_code_and_never_again(
    office: Database, person: tuple[str, str]
) -> None:
    member = sign_in(office, person[0])
    assert "开始开通" in member.get("/admin/second-factor").text
    member.post("/admin/second-factor")
    page = member.get("/admin/second-factor").text
    assert 'role="img"' in page
    assert 'class="secret"' in page
    wrong = member.post("/admin/second-factor/confirm", code="000000")
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.text
    codes = join(office, member, person[0])
    assert len(set(codes)) == 8
    after = member.get("/admin/second-factor").text
    assert "还剩 8 个" in after
    assert 'class="secret"' not in after
    assert member.post("/admin/second-factor").status_code == 409
    assert member.post("/admin/second-factor/confirm", code="000000").status_code == 409


def test_behind_the_password_nobody_is_in_before_the_code(
    office: Database, person: tuple[str, str]
) -> None:
    join(office, sign_in(office, person[0]), person[0])
    browser, token = send_password(office, person)
    assert browser.get("/admin").headers["location"].startswith("/admin/sign-in?")
    assert browser.get("/api/v1/batches", headers={"accept": "application/json"}).status_code == 401
    before = browser.cookies[COOKIE]
    code = code_now(office, person[0])
    assert send_code(browser, "f" * 64, code) == 403
    assert send_code(browser, token, code) == 303
    assert browser.get("/admin").status_code == 200
    assert browser.cookies[COOKIE] != before


def test_a_code_counts_once_also_in_another_browser(
    office: Database, person: tuple[str, str]
) -> None:
    join(office, sign_in(office, person[0]), person[0])
    code = code_now(office, person[0])
    assert send_code(*send_password(office, person), code) == 303
    assert send_code(*send_password(office, person), code) == 403


def test_a_recovery_code_counts_once_with_or_without_hyphens(
    office: Database, person: tuple[str, str]
) -> None:
    codes = join(office, sign_in(office, person[0]), person[0])
    assert send_code(*send_password(office, person), codes[0].upper()) == 303
    assert send_code(*send_password(office, person), codes[0]) == 403
    assert send_code(*send_password(office, person), codes[1].replace("-", "")) == 303
    assert "还剩 6 个" in sign_in(office, person[0]).get("/admin/second-factor").text


def test_wrong_codes_and_passwords_are_counted_together(
    office: Database, person: tuple[str, str]
) -> None:
    """The right password between two guesses begins no new count."""
    join(office, sign_in(office, person[0]), person[0])
    browser, token = send_password(office, person)  # one of five
    assert send_code(browser, token, "000000") == 403
    browser, token = send_password(office, person)
    assert send_code(browser, token, "000001") == 403
    browser, token = send_password(office, person)
    assert send_code(browser, token, code_now(office, person[0])) == 403
    answer = browser.post("/admin/sign-in", data={"name": person[0], "password": person[1]})
    assert answer.status_code == 403


def test_the_form_for_a_code_is_for_whoever_has_sent_a_password(office: Database) -> None:
    browser = open_browser(office)
    assert browser.get("/admin/sign-in/code").headers["location"] == "/admin/sign-in"
    assert send_code(browser, "f" * 64, "000000") == 303
    assert browser.get("/admin").status_code == 303


def test_a_role_that_requires_it_leads_to_joining_first(office: Database) -> None:
    name = f"second-{next(_names)}"
    make_account(office, name, (Role.APPROVER, ""))
    member = sign_in(office, name, open_browser(office, STRICT))
    for path in ("/admin", "/admin/batches"):
        assert member.browser.get(path).headers["location"] == "/admin/second-factor"
    refused = member.browser.get("/api/v1/batches", headers={"accept": "application/json"})
    assert refused.json()["type"].endswith("/problems/second-factor-needed")
    assert "审批员" in member.get("/admin/second-factor").text
    join(office, member, name)
    assert member.get("/admin").status_code == 200
    assert sign_in(office, name).get("/admin").status_code == 200


def test_an_administrator_takes_it_away_and_all_sessions_end(
    office: Database, person: tuple[str, str]
) -> None:
    member = sign_in(office, person[0])
    join(office, member, person[0])
    name = f"second-{next(_names)}"
    make_account(office, name, (Role.ADMINISTRATOR, ""))
    boss = sign_in(office, name)
    home = f"/admin/accounts/{person[0]}"
    assert "重置动态验证码" in boss.get(home).text
    assert boss.post(f"{home}/second-factor").status_code == 303
    assert "重置动态验证码" not in boss.get(home).text
    assert boss.post(f"{home}/second-factor").status_code == 409
    assert member.get("/admin").status_code == 303
    answer = open_browser(office).post(
        "/admin/sign-in", data={"name": person[0], "password": person[1]}
    )
    assert answer.headers["location"] == "/admin"


def test_a_password_without_its_code_lasts_ten_minutes(
    office: Database, person: tuple[str, str]
) -> None:
    join(office, sign_in(office, person[0]), person[0])
    browser, token = send_password(office, person)
    with office.session() as session:
        older = {"at": now_utc() - timedelta(minutes=11)}
        session.execute(
            text("update staff_session set last_seen_at = :at where awaits_code"), older
        )
    assert send_code(browser, token, code_now(office, person[0])) == 303
    assert browser.get("/admin").status_code == 303
