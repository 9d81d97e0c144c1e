import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.app import create_app
from service.auth import commands
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from tests.factories.staff import COOKIE, FORM, make_account, open_browser, sign_in

EVERYWHERE = (Role.OFFICER, "")


@pytest.fixture(scope="module")
def password(office: Database) -> str:
    return make_account(office, "wang", EVERYWHERE)


def test_who_is_not_signed_in_is_led_to_the_form_and_back(office: Database, password: str) -> None:
    browser = open_browser(office)
    sent = browser.get("/admin?page=2")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/admin/sign-in?next=/admin%3Fpage%3D2",
    )
    page = browser.get(sent.headers["location"])
    assert page.status_code == 200
    assert 'value="/admin?page=2"' in page.text
    assert "set-cookie" not in page.headers
    answer = browser.post(
        "/admin/sign-in", data={"name": "WANG ", "password": password, "next": "/admin?page=2"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin?page=2")
    assert browser.get("/admin").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Database, password: str) -> None:
    plain = open_browser(office).post("/admin/sign-in", data={"name": "wang", "password": password})
    cookie = plain.headers["set-cookie"].lower()
    assert cookie.startswith("menpai_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    secure = open_browser(office, Settings(public_url="https://mp.example.gov.cn")).post(
        "/admin/sign-in", data={"name": "wang", "password": password}
    )
    cookie = secure.headers["set-cookie"].lower()
    assert cookie.startswith("__host-menpai=")
    assert "secure" in cookie
    assert "domain" not in cookie


@pytest.mark.parametrize(
    "next_path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "x"]
)
def test_signing_in_leads_to_no_other_host(office: Database, password: str, next_path: str) -> None:
    answer = open_browser(office).post(
        "/admin/sign-in", data={"name": "wang", "password": password, "next": next_path}
    )
    assert answer.headers["location"] == "/admin"


def test_a_session_that_was_set_from_outside_is_not_taken_over(
    office: Database, password: str
) -> None:
    browser = open_browser(office)
    planted = "A" * 43
    browser.cookies.set(COOKIE, planted)
    answer = browser.post("/admin/sign-in", data={"name": "wang", "password": password})
    given = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    assert given != planted
    stranger = open_browser(office)
    stranger.cookies.set(COOKIE, planted)
    assert stranger.get("/admin").status_code == 303


def test_signing_in_again_ends_the_session_before(office: Database, password: str) -> None:
    wang = sign_in(office, "wang")
    before = wang.browser.cookies[COOKIE]
    wang.browser.post("/admin/sign-in", data={"name": "wang", "password": password})
    thief = open_browser(office)
    thief.cookies.set(COOKIE, before)
    assert thief.get("/admin").status_code == 303


def test_only_hashes_of_tokens_and_passwords_are_kept(office: Database, password: str) -> None:
    wang = sign_in(office, "wang")
    with office.reading() as session:
        kept = str(session.execute(text("select * from staff_session, staff_account")).all())
    assert wang.browser.cookies[COOKIE] not in kept
    assert password not in kept


def test_unknown_names_are_counted_and_never_written_down(office: Database) -> None:
    app = create_app(office, Settings())
    app.fastapi.state.gate = None
    browser = TestClient(app, client=("198.51.100.7", 1))
    for name in ("no-account-of-ours", "My-Passw0rd-typed-as-name"):
        browser.post("/admin/sign-in", data={"name": name, "password": "x"})
    app.fastapi.state.tally.flush()
    with office.reading() as session:
        newest = text(
            "select actor, action, detail ->> 'count' from audit_entry order by position desc"
        )
        assert tuple(session.execute(newest).first() or ()) == ("staff:?", "sessions:refuse", "2")
        kept = text("select count(*) from audit_entry e where e::text ilike '%passw0rd%'")
        assert session.scalar(kept) == 0


def test_one_address_may_try_only_so_often(office: Database) -> None:
    app = create_app(Database(office.url), Settings(sign_in_limit=3))
    with TestClient(app, headers={"accept": "text/html"}) as browser:
        tries = [
            browser.post("/admin/sign-in", data={"name": f"guess-{n}", "password": "x"})
            for n in range(5)
        ]
    assert [answer.status_code for answer in tries] == [403, 403, 403, 429, 429]


def test_the_first_password_must_be_changed_before_anything_else(office: Database) -> None:
    first = make_account(office, "new-one", EVERYWHERE, ready=False)
    browser = open_browser(office)
    browser.post("/admin/sign-in", data={"name": "new-one", "password": first})
    assert browser.get("/admin").headers["location"] == "/admin/password"
    form = FORM.search(browser.get("/admin/password").text)
    assert form is not None
    fields = {"form_token": form[1], "old": first, "new": "河坊街上的七把雨伞都开", "again": ""}
    answers = [
        browser.post("/admin/password", data=fields | changed)
        for changed in (
            {"again": "另一个"},
            {"new": "password12", "again": "password12"},
            {"old": "wrong", "again": fields["new"]},
            {"new": first, "again": first},
        )
    ]
    assert [answer.status_code for answer in answers] == [422] * 4
    done = browser.post("/admin/password", data=fields | {"again": fields["new"]})
    assert (done.status_code, done.headers["location"]) == (303, "/admin")
    assert browser.get("/admin").status_code == 200


def test_a_form_without_this_sessions_token_is_refused(office: Database, password: str) -> None:
    wang, other = sign_in(office, "wang"), sign_in(office, "wang")
    for token in ("", "0" * 64, other.form_token):
        answer = wang.browser.post("/admin/sign-out", data={"form_token": token})
        assert answer.status_code == 403
        assert "页面已过期" in answer.text
    assert wang.browser.get("/admin").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
    ],
)
def test_what_another_site_sends_is_refused(
    office: Database, password: str, headers: dict[str, str]
) -> None:
    wang = sign_in(office, "wang")
    sent = wang.browser.post(
        "/admin/sign-out", data={"form_token": wang.form_token}, headers=headers
    )
    assert sent.status_code == 403
    planted = open_browser(office).post(
        "/admin/sign-in", data={"name": "wang", "password": password}, headers=headers
    )
    assert planted.status_code == 403


def test_signing_out_ends_the_session_itself(office: Database, password: str) -> None:
    wang = sign_in(office, "wang")
    kept = wang.browser.cookies[COOKIE]
    assert wang.post("/admin/sign-out").status_code == 303
    thief = open_browser(office)
    thief.cookies.set(COOKIE, kept)
    assert thief.get("/admin").status_code == 303


def test_a_forced_end_acts_on_the_next_request(office: Database) -> None:
    make_account(office, "leaver", EVERYWHERE)
    for end in (
        lambda s: commands.close_sessions(s, get_account(s, "leaver").id, "leaver", COMMAND_LINE),
        lambda s: commands.reset_password(s, "leaver", COMMAND_LINE),
        lambda s: commands.disable_account(s, "leaver", COMMAND_LINE),
    ):
        leaver = sign_in(office, "leaver")
        assert leaver.get("/admin").status_code in (200, 303)
        with office.session() as session:
            end(session)
        assert leaver.get("/admin").headers["location"].startswith("/admin/sign-in")


@pytest.mark.parametrize(
    "change",
    ["expires_at = now() - interval '1 s'", "last_seen_at = now() - interval '61 minutes'"],
)
def test_a_session_ends_by_itself(office: Database, password: str, change: str) -> None:
    wang = sign_in(office, "wang")
    assert wang.get("/admin").status_code == 200
    with office.session() as session:
        session.execute(text(f"update staff_session set {change}"))  # noqa: S608
    assert wang.get("/admin").status_code == 303


def test_pages_of_staff_are_kept_by_no_cache_and_framed_by_nobody(
    office: Database, password: str
) -> None:
    for answer in (
        open_browser(office).get("/admin/sign-in"),
        sign_in(office, "wang").get("/admin"),
    ):
        assert "no-store" in answer.headers["cache-control"]
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
