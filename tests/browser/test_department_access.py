"""A story: a department gets a key and a grant, rotates the key, and loses the grant."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.answer import KNOWN_FOR_S
from service.app import Application, create_app
from service.auth.permissions import Role
from service.core.clock import today
from service.core.settings import Settings
from tests.browser.bureau import Bureau, enter, look_at, open_bureau
from tests.browser.serving import serve
from tests.factories.batches import make_street
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import insert_account

PROGRAM = {
    "#name": "民政局婚姻登记（演示）",
    "#owner": "上城区民政局（演示）",
    "#note": "婚姻登记时核对住址",
    "#contact": "婚姻登记科 0571-87000000",
}


def enter_office(session: Session) -> None:
    make_street(session, 6)
    for name in ("lin.yue", "he.ping"):
        insert_account(session, name, Role.ADMINISTRATOR, "330102")


@dataclass(frozen=True)
class Access:
    """The desk where reading in bulk needs a second person, and a department's side of it."""

    bureau: Bureau
    app: Application
    code: str


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    home = tmp_path_factory.mktemp("home")
    with open_bureau(home, enter_office, approval_above=10) as one:
        settings = Settings(
            home=home,
            operator="示例市地名管理部门",
            public_url=PUBLIC_URL,
            grant_approval_above=3,
        )
        app = create_app(one.database, settings)
        with one.database.reading() as session:
            code = session.scalar(text("select min(code) from address where level = 'number'"))
        with serve(app) as url:
            yield Access(Bureau(one.database, url, home), app, str(code))


def call(page: Page, access: Access, key: str) -> int:
    """What the department's program gets when it asks for an address."""
    address = f"{access.bureau.url}/api/v1/addresses/{access.code}"
    return page.request.get(address, headers={"Authorization": f"Bearer {key}"}).status


def test_a_department_gets_access_and_loses_it(browser: Browser, access: Access) -> None:
    bureau = access.bureau
    clerk, second = (enter(browser, bureau, name, scripts=False) for name in ("lin.yue", "he.ping"))
    clerk.goto(f"{bureau.url}/admin")
    clerk.click("nav >> text=部门接入")
    expect(clerk.locator("main")).to_contain_text("还没有登记程序")
    clerk.click("text=登记程序")
    for field, typed in PROGRAM.items():
        clerk.fill(field, typed)
    clerk.click("button:has-text('登记并给密钥')")
    expect(clerk.locator("main")).to_contain_text("只显示这一次")
    key = clerk.locator(".secret").inner_text()
    assert call(clerk, access, key) == 403
    clerk.click("text=我已记下")
    expect(clerk.locator("main")).to_contain_text("什么也读不到")

    clerk.click("text=给权限")
    clerk.check("label:has-text('按编码或条件读地址')")
    clerk.check("label:has-text('到户室')")
    clerk.fill("#networks", "127.0.0.0/8")
    clerk.click("text=先看结果")
    look = clerk.locator("main")
    for said in (
        "还没有办理",
        "要由另一位管理员同意",
        "6 个地址",
        "127.0.0.0/8",
        '"standard_text"',
    ):
        expect(look).to_contain_text(said)
    clerk.click("button:has-text('确认')")
    expect(clerk.locator("main")).to_contain_text("待审批")
    assert call(clerk, access, key) == 403

    second.goto(f"{bureau.url}/admin")
    expect(second.locator(".waits")).to_contain_text("民政局婚姻登记（演示）")
    second.click("text=看授权并审批")
    expect(second.locator("main")).to_contain_text("按编码或条件读地址")
    second.click("button:has-text('同意')")
    expect(second.locator("main")).to_contain_text("有效")
    time.sleep(KNOWN_FOR_S)
    assert call(clerk, access, key) == 200

    clerk.reload()
    clerk.click("summary:has-text('轮换密钥')")
    clerk.fill("#last_day", str(today() + timedelta(days=7)))
    clerk.click("button:has-text('给新密钥')")
    expect(clerk.locator("main")).to_contain_text("旧密钥用到")
    newer = clerk.locator(".secret").inner_text()
    clerk.click("text=我已记下")
    assert [call(clerk, access, one) for one in (key, newer)] == [200, 200]

    clerk.click("th a:has-text('按编码或条件读地址')")
    clerk.click("summary:has-text('收回授权')")
    clerk.click("button:has-text('收回')")
    expect(clerk.locator("main")).to_contain_text("没有授权")
    time.sleep(KNOWN_FOR_S)
    assert [call(clerk, access, one) for one in (key, newer)] == [403, 403]

    access.app.fastapi.state.tally.flush()
    clerk.click("main >> text=用量")
    for said in ("按编码读地址", "403 没有权限"):
        expect(clerk.locator("main")).to_contain_text(said)
    clerk.context.close()
    second.context.close()


def test_the_pages_of_access_have_no_barriers(browser: Browser, access: Access) -> None:
    bureau = access.bureau
    page = enter(browser, bureau, "lin.yue")
    page.goto(f"{bureau.url}/admin/clients/new")
    page.fill("#name", "燃气安检（演示）")
    page.fill("#owner", "市燃气公司（演示）")
    page.fill("#note", "入户安检时核对门牌")
    page.click("button:has-text('登记并给密钥')")
    look_at(page, "access-key")
    page.click("text=我已记下")
    home = page.url
    page.click("text=给权限")
    page.click("summary:has-text('其他')")
    look_at(page, "access-give")
    page.check("label:has-text('解析、匹配地址文字')")
    page.click("text=先看结果")
    look_at(page, "access-look")
    page.click("button:has-text('确认')")
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
    look_at(page, "access-program")
    page.click("th a:has-text('解析、匹配地址文字')")
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
    look_at(page, "access-grant")
    page.click("text=先看更改结果")
    look_at(page, "access-change")
    page.goto(f"{home}/usage")
    look_at(page, "access-usage-none")
    page.goto(f"{bureau.url}/admin/clients")
    page.click("tbody tr:has-text('民政局婚姻登记') >> td a")
    look_at(page, "access-usage")
    page.goto(f"{bureau.url}/admin/clients")
    look_at(page, "access-list")
    page.context.close()
