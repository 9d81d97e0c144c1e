"""An administrator sets up an office: unit, post, account; people sign in with a second step."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.units import UnitKind
from service.app import create_app
from service.auth.commands import bind_identity
from service.auth.permissions import Role
from service.auth.totp import PERIOD_S, code_at
from service.core.actor import COMMAND_LINE
from service.core.clock import now_utc
from service.core.database import Database
from service.core.settings import Settings
from tests.browser.bureau import Bureau, enter, look_at, open_bureau
from tests.browser.serving import serve
from tests.factories.batches import make_street
from tests.factories.identity_provider import CLIENT, SECRET, SUBJECT, open_provider
from tests.factories.office import insert_account
from tests.factories.units import make_unit


def enter_office(session: Session) -> None:
    make_street(session, 1)
    insert_account(session, "lin.yue", Role.ADMINISTRATOR, "330102")
    make_unit(session, "上城区公安分局（示例）", "330102000000", kind=UnitKind.PUBLIC_SECURITY)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with open_bureau(tmp_path_factory.mktemp("home"), enter_office, approval_above=10) as one:
        yield one


@pytest.fixture
def boss(browser: Browser, bureau: Bureau) -> Iterator[Page]:
    """An administrator whose browser runs no scripts."""
    page = enter(browser, bureau, "lin.yue", scripts=False)
    page.goto(f"{bureau.url}/admin/units")
    yield page
    page.context.close()


def test_a_unit_a_post_and_an_account_are_made_without_scripts(boss: Page, bureau: Bureau) -> None:
    boss.click("text=新建单位")
    boss.locator("select[name=division]").first.select_option(label="清波街道")
    boss.fill("#name", "清波派出所（示例）")
    boss.select_option("#kind", "police_station")
    boss.select_option("#parent", label="上城区公安分局（示例）")
    boss.fill("#phone", "0571-87650000")
    boss.click("text=先看结果")
    expect(boss.locator("main")).to_contain_text("还没有办理")
    boss.click("button:has-text('确认')")
    expect(boss.locator("h1")).to_contain_text("清波派出所（示例）")

    boss.fill("#post_name", "户籍民警")
    boss.select_option("#role", "officer")
    boss.click("section#posts >> text=先看结果")
    boss.click("button:has-text('确认')")
    expect(boss.locator("#posts")).to_contain_text("任职即有角色：地址专员")

    boss.click("text=给本单位新建账号")
    boss.fill("#name", "chen.lin")
    boss.fill("#display_name", "陈林（演示）")
    boss.select_option("#role", "viewer")
    boss.click("button:has-text('建立')")
    expect(boss.locator("h1")).to_contain_text("初始密码")
    boss.click("text=我已记下")
    expect(boss.locator("main")).to_contain_text("清波派出所（示例）")
    boss.click("main >> text=清波派出所（示例）")

    boss.click("summary:has-text('任职或撤销')")
    boss.fill("input[name=account]", "chen.lin")
    boss.click("text=先看任职结果")
    expect(boss.locator("main")).to_contain_text("授予角色：地址专员")
    boss.click("button:has-text('确认')")
    expect(boss.locator("#posts")).to_contain_text("陈林（演示）")
    boss.goto(f"{bureau.url}/admin/accounts/chen.lin")
    expect(boss.locator("main")).to_contain_text("随岗位")
    boss.goto(f"{bureau.url}/admin/units")
    expect(boss.locator("tbody tr")).to_have_count(2)


def test_the_pages_of_an_office_are_without_barriers(browser: Browser, bureau: Bureau) -> None:
    page = enter(browser, bureau, "lin.yue")
    for name, path in (("units", "/admin/units"), ("unit-new", "/admin/units/new")):
        page.goto(f"{bureau.url}{path}")
        look_at(page, name)
    page.goto(f"{bureau.url}/admin/units")
    page.click("text=清波派出所（示例）")
    look_at(page, "unit")
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
    look_at(page, "unit-forms")
    page.click("text=先看更正结果")
    look_at(page, "unit-look")
    page.goto(f"{bureau.url}/admin/accounts/chen.lin")
    look_at(page, "account-unit")
    page.context.close()


def test_one_person_does_not_get_two_separated_duties(boss: Page, bureau: Bureau) -> None:
    boss.goto(f"{bureau.url}/admin/accounts/li.na")
    boss.select_option("#role", "auditor")
    boss.click("button:has-text('增加')")
    said = boss.locator("main")
    for word in ("地址专员", "审计员", "三员分立", "请把审计员授予另一人的账号"):
        expect(said).to_contain_text(word)
    expect(boss.locator("#role")).to_have_value("auditor")


def code_of(database: Database, name: str, late: int) -> str:
    """The code that the authenticator of a person shows, or the one after it."""
    statement = text(
        "select f.secret from second_factor f join staff_account a on a.id = f.account_id "
        "where a.name = :name"
    )
    with database.reading() as session:
        secret = bytes(session.execute(statement, {"name": name}).scalar_one())
    return code_at(secret, int(now_utc().timestamp()) // PERIOD_S + late)


def test_an_authenticator_is_joined_and_used(browser: Browser, bureau: Bureau) -> None:
    page = enter(browser, bureau, "li.na")
    page.goto(f"{bureau.url}/admin/password")
    page.click("text=登录时加一道动态验证码")
    look_at(page, "second-factor")
    page.click("text=开始开通")
    expect(page.locator("svg.enrolment")).to_be_visible()
    look_at(page, "second-factor-join")
    page.fill("#code", "000000")
    page.click("button:has-text('开通')")
    expect(page.locator("main")).to_contain_text("验证码不对")
    page.fill("#code", code_of(bureau.database, "li.na", 0))
    page.click("button:has-text('开通')")
    expect(page.locator("h1")).to_contain_text("已经开通")
    look_at(page, "recovery-codes")
    page.context.close()


def test_the_way_over_an_identity_provider(browser: Browser, bureau: Bureau) -> None:
    """The person is shown the own identity, the administrator binds it, and then it lets in."""
    with open_provider() as provider:
        settings = Settings(
            env="demo",
            operator="示例市地名管理部门",
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT,
            oidc_client_secret=SecretStr(SECRET),
            oidc_name="某市统一认证",
        )
        with serve(create_app(bureau.database, settings)) as url:
            context = browser.new_context(java_script_enabled=False)
            page = context.new_page()
            page.goto(f"{url}/admin/sign-in")
            page.click("text=用某市统一认证登录")
            expect(page.locator("h1")).to_contain_text("还没有绑定账号")
            expect(page.locator(".secret")).to_have_text(SUBJECT)
            with bureau.database.session() as session:
                bind_identity(session, "zhang.wei", provider.issuer, SUBJECT, COMMAND_LINE)
            page.click("text=返回登录页")
            page.click("text=用某市统一认证登录")
            expect(page.locator(".me")).to_contain_text("zhang.wei")
            context.close()
            shown = browser.new_page()
            shown.goto(f"{url}/admin/sign-in")
            look_at(shown, "sign-in-provider")
            shown.context.close()
