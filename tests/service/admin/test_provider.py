"""Signing in at an identity provider: bound by an administrator, and nobody else is let in."""

from collections.abc import Iterator
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.database import Database
from service.core.settings import Settings
from tests.factories.identity_provider import CLIENT, SECRET, SUBJECT, Provider, open_provider
from tests.factories.staff import make_account, open_browser, sign_in

_names = count(1)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with open_provider() as made:
        yield made


@pytest.fixture(scope="module")
def settings(provider: Provider) -> Settings:
    return Settings(
        env="demo",
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_name="某市统一认证",
    )


@pytest.fixture
def person(office: Database, settings: Settings, provider: Provider) -> Iterator[str]:
    """An account that is bound, and released at the end."""
    provider.claims = {}
    boss, name = f"boss-{next(_names)}", f"bound-{next(_names)}"
    make_account(office, boss, (Role.ADMINISTRATOR, ""))
    make_account(office, name, (Role.APPROVER, ""), ready=False)
    desk = sign_in(office, boss, open_browser(office, settings))
    home = f"/admin/accounts/{name}"
    assert "某市统一认证" in desk.get(home).text
    assert desk.post(f"{home}/identity", subject=f" {SUBJECT} ").status_code == 303
    yield name
    released = desk.post(f"{home}/identity/release")
    assert "初始密码" in released.text
    assert desk.post(f"{home}/identity/release").status_code == 409


def visit(office: Database, settings: Settings, provider: Provider, path: str) -> TestClient:
    """A browser that has come back from the provider; its last answer is in ``extra``."""
    browser = open_browser(office, settings)
    there = browser.get(path)
    url = urlsplit(there.headers["location"])
    assert f"{url.scheme}://{url.netloc}" == provider.issuer
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    back = urlsplit(provider.authorize(asked))
    browser.headers["x-back"] = f"{back.path}?{back.query}"
    return browser


def test_a_bound_person_is_in_and_lands_where_they_wanted_to_go(
    office: Database, settings: Settings, provider: Provider, person: str
) -> None:
    page = open_browser(office, settings).get("/admin/sign-in?next=/admin/batches").text
    assert "用某市统一认证登录" in page
    path = "/admin/sign-in/provider?next=/admin/batches"
    assert path in page
    browser = visit(office, settings, provider, path)
    answer = browser.get(browser.headers["x-back"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/batches")
    assert browser.get("/admin").status_code == 200
    assert browser.get(browser.headers["x-back"]).status_code == 403, "a code counts once"


def test_a_bound_account_has_no_password_and_approves_nothing_for_a_day(
    office: Database, settings: Settings, person: str
) -> None:
    answer = open_browser(office, settings).post(
        "/admin/sign-in", data={"name": person, "password": ""}
    )
    assert answer.status_code in (403, 422)
    with office.reading() as session:
        account = get_account(session, person)
    assert account.decides_from is not None
    assert not account.must_change_password


def test_an_identity_without_an_account_is_shown_to_its_person_and_let_in_nowhere(
    office: Database, settings: Settings, provider: Provider
) -> None:
    provider.claims = {"sub": "nobody-yet"}
    browser = visit(office, settings, provider, "/admin/sign-in/provider")
    answer = browser.get(browser.headers["x-back"])
    assert answer.status_code == 403
    assert "nobody-yet" in answer.text
    assert "还没有绑定账号" in answer.text
    assert browser.get("/admin").status_code == 303


def test_an_identity_is_bound_to_one_account(
    office: Database, settings: Settings, person: str
) -> None:
    boss, name = f"boss-{next(_names)}", f"bound-{next(_names)}"
    make_account(office, boss, (Role.ADMINISTRATOR, ""))
    make_account(office, name, (Role.VIEWER, ""))
    desk = sign_in(office, boss, open_browser(office, settings))
    refused = desk.post(f"/admin/accounts/{name}/identity", subject=SUBJECT)
    assert refused.status_code == 409
    assert "已经绑定" in refused.text
    assert desk.post(f"/admin/accounts/{name}/identity", subject="\n").status_code == 422
    own = desk.post(f"/admin/accounts/{boss}/identity", subject="mine")
    assert own.status_code == 403


def test_a_disabled_account_is_not_let_in(
    office: Database, settings: Settings, provider: Provider, person: str
) -> None:
    boss = f"boss-{next(_names)}"
    make_account(office, boss, (Role.ADMINISTRATOR, ""))
    desk = sign_in(office, boss, open_browser(office, settings))
    desk.post(f"/admin/accounts/{person}/disable")
    browser = visit(office, settings, provider, "/admin/sign-in/provider")
    assert browser.get(browser.headers["x-back"]).status_code == 403
    desk.post(f"/admin/accounts/{person}/enable")


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y~/admin", "?error=denied"])
def test_an_answer_that_nobody_asked_for_is_refused(
    office: Database, settings: Settings, query: str
) -> None:
    answer = open_browser(office, settings).get(f"/admin/sign-in/provider/back{query}")
    assert answer.status_code == 403
    assert "没有通过" in answer.text


def test_the_way_leads_to_no_other_host(
    office: Database, settings: Settings, provider: Provider, person: str
) -> None:
    browser = visit(office, settings, provider, "/admin/sign-in/provider?next=//evil.example")
    assert browser.get(browser.headers["x-back"]).headers["location"] == "/admin"


def test_a_provider_that_is_away_leaves_the_password(office: Database, settings: Settings) -> None:
    away = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    answer = open_browser(office, away).get("/admin/sign-in/provider")
    assert answer.status_code == 503
    assert "现在连不上某市统一认证" in answer.text


def test_without_a_provider_there_is_no_such_page(office: Database) -> None:
    browser = open_browser(office)
    assert "统一认证" not in browser.get("/admin/sign-in").text
    assert browser.get("/admin/sign-in/provider").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "sso.example"},
        {"oidc_issuer": "https://sso.example?x=1"},
        {"oidc_issuer": "https://sso.example"},
        {"oidc_issuer": "https://sso.example", "oidc_client_id": "x"},
        {"oidc_issuer": "http://sso.example", "oidc_client_id": "x", "oidc_client_secret": "y"},
    ],
    ids=str,
)
def test_a_provider_is_set_whole_and_safe(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]
