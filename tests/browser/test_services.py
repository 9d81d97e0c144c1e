"""A story: an officer enters a service and an AED, a resident scans and sees both, then neither."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.actor import COMMAND_LINE
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.photographs import photograph
from tests.factories.batches import make_street
from tests.factories.hosts import PREFIX

SIZES = ((360, 740), (1280, 800))
SERVICE, AED = "演示：居住登记", "演示AED"


def fill_street(session: Session) -> None:
    """A street with points and plates."""
    codes = make_street(session, 6)
    session.execute(
        text(
            "update address set geom = ST_SetSRID(ST_MakePoint(120.165 + number_order * 0.0001, "
            "30.24 + number_order % 2 * 0.0002), 4490) where number_order > 0"
        )
    )
    batch = open_batch(
        session, name="一", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
    link_addresses(session, codes)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, fill_street, approval_above=20) as one:
        yield one


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone and at a desk."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"services-{name}-{width}")
        assert list_barriers(page) == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def scan(browser: Browser, path: str, *, shows: bool) -> Page:
    """The page that another resident sees, once the server has heard of the change."""
    for _ in range(60):
        page = browser.new_context().new_page()  # a phone of its own, with nothing kept
        page.goto(path)
        if (SERVICE in page.content()) is shows and (AED in page.content()) is shows:
            return page
        page.context.close()
        time.sleep(0.5)
    raise AssertionError(f"{path} never changed")


def test_an_officer_enters_a_service_and_an_aed_and_takes_them_away(
    browser: Browser, bureau: Bureau
) -> None:
    with bureau.database.reading() as session:
        doors = session.execute(
            text(
                "select p.token, p.code from plate p join address a on a.code = p.code "
                "where a.number_order in (1, 5) order by a.number_order"
            )
        ).all()
    (token, _), (_, code) = doors
    scanned = f"{bureau.url}/{token}"
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/service-items")
    look_at(officer, "none")
    officer.click("text=新增事项")
    officer.fill("#name", SERVICE)
    officer.fill("#office", "示例街道便民服务中心")
    officer.fill("#hours", "工作日 8:30—17:00")
    officer.click("main button:has-text('登记')")
    expect(officer.locator(".wrong")).to_contain_text("链接和电话至少填一项")
    look_at(officer, "refused")
    officer.fill("#link", "https://www.zjzwfw.gov.cn/")
    officer.fill("#phone", "0571-00000011")
    officer.click("main button:has-text('登记')")
    expect(officer.locator("h1")).to_contain_text(SERVICE)
    look_at(officer, "item")
    service = officer.url
    officer.goto(f"{bureau.url}/admin/service-items")
    look_at(officer, "items")

    officer.goto(f"{bureau.url}/admin/facilities")
    officer.click("text=新增设施")
    look_at(officer, "place")
    officer.fill("#q", code)
    officer.click("main button:has-text('查找')")
    officer.select_option("#kind", "aed")
    officer.fill("#name", AED)
    officer.fill("#hours", "全天")
    officer.fill("#note", "门口墙上")
    look_at(officer, "new-facility")
    officer.click("main button:has-text('登记')")
    expect(officer.locator("h1")).to_contain_text(AED)
    look_at(officer, "facility")
    facility = officer.url
    officer.goto(f"{bureau.url}/admin/facilities")
    look_at(officer, "facilities")

    resident = scan(browser, scanned, shows=True)
    look_at(resident, "scan")
    expect(resident.locator(".services a").first).to_have_attribute(
        "href", "https://www.zjzwfw.gov.cn/"
    )
    expect(resident.locator("text=约 40 米")).to_have_count(1)
    for query in ("?v=elder", "?lang=en"):
        resident.goto(scanned + query)
        expect(resident.locator(f"text={AED}")).to_have_count(1)
        look_at(resident, f"scan-{query[-2:]}")

    for path in (service, facility):
        officer.goto(path)
        officer.fill("#reason", "演示结束")
        officer.click("button:has-text('撤下')")
        expect(officer.locator("main .state").first).to_have_text("已撤下")
    scan(browser, scanned, shows=False)
