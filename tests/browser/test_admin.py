from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from service.app import create_app
from service.auth.commands import reset_password
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE, Actor
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import confirm_plate
from tests.browser.axe import list_barriers
from tests.browser.conftest import DESK, PHONE
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.browser.test_accessibility import CONTRASTS
from tests.database import migrated_database
from tests.factories.office import COUNTIES, Office, insert_account, make_office
from tests.factories.plates import make_visit, metres_north
from tests.factories.staff import make_account

PAGES = {
    "sign-in": "/admin/sign-in",
    "home": "/admin",
    "addresses": "/admin/addresses",
    "plates": "/admin/plates",
    "plate": "/admin/plates/{token}",
    "work-items": "/admin/work-items",
    "far": "/admin/work-items/far",
    "accounts": "/admin/accounts",
    "account": "/admin/accounts/li.na",
    "new-account": "/admin/accounts/new",
    "audit": "/admin/audit",
    "password": "/admin/password",
}


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with migrated_database() as made:
        database = Database(made.app_url)
        made_office = make_office(database)
        with database.session() as session:
            far = make_visit(metres_north(80), note="门柱在巷口")
            confirm_plate(session, made_office.plates["own"], far, Actor("staff", "chen"))
        make_account(database, "zhang.wei", *((role, COUNTIES["own"]) for role in Role))
        with database.session() as session:
            for number, (name, role) in enumerate((("li.na", Role.OFFICER), ("chen", Role.CREW))):
                insert_account(session, name, role, COUNTIES["own"])
                session.execute(
                    text("update staff_account set display_name = :d where name = :n"),
                    {"n": name, "d": ("李娜（演示）", "陈工（演示）")[number]},
                )
            session.execute(text("update staff_account set is_active = false where name = 'chen'"))
        yield made_office
        database.dispose()


@pytest.fixture(scope="module")
def admin_url(office: Office) -> Iterator[str]:
    app = create_app(office.database, Settings(env="demo"))
    with serve(app) as url:
        yield url


@pytest.fixture(scope="module")
def desk(browser: Browser, admin_url: str, office: Office) -> Iterator[Page]:
    """A page whose person came in by the form, with the script engine on."""
    page = browser.new_context().new_page()
    password = _new_password(office.database, "zhang.wei")
    page.goto(f"{admin_url}/admin/plates")
    page.fill("#name", "zhang.wei")
    page.fill("#password", password)
    page.click("main button")
    assert page.url == f"{admin_url}/admin/plates"
    yield page
    page.context.close()


def _new_password(database: Database, name: str) -> str:
    with database.session() as session:
        password = reset_password(session, name, COMMAND_LINE)
        session.execute(text("update staff_account set must_change_password = false"))
    return password


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_staff_have_no_barriers_and_are_photographed(
    browser: Browser, desk: Page, admin_url: str, office: Office, name: str
) -> None:
    page = browser.new_context().new_page() if name == "sign-in" else desk
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    path = PAGES[name].format(token=office.plates["own"])
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(admin_url + path)
        assert list_barriers(page) == [], size
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, size
        contrasts = page.evaluate(CONTRASTS)
        assert [one for one in contrasts if one[0] < 4.5] == []
        photograph(page, f"admin-{name}-{size[0]}")
    assert [one for one in complaints if "Content Security Policy" in one] == []


def test_everything_works_without_script(browser: Browser, admin_url: str, office: Office) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{admin_url}/admin")
    page.fill("#name", "zhang.wei")
    page.fill("#password", _new_password(office.database, "zhang.wei"))
    page.click("main button")
    page.click("nav >> text=账号")
    page.click("text=新建账号")
    page.fill("#name", "sun.li")
    page.fill("#display_name", "孙丽（演示）")
    page.select_option("#role", "crew")
    assert "上城区" in page.inner_text(".picker legend"), "the county of the account, not typed"
    page.click("main button")
    assert len(page.inner_text(".secret")) == 19
    page.click("text=我已记下")
    assert "安装员 上城区" in page.inner_text("main")
    page.click("header >> text=退出")
    assert page.url.endswith("/admin/sign-in")
    kept = [one["name"] for one in context.cookies()]
    assert kept == [
        "menpai_browser"
    ]  # it tells this browser from a stranger's, and signs nobody in
    context.close()
