"""The list of addresses as an officer sees it on a phone, a tablet and at a desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_plates, open_batch
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.conftest import DESK, PHONE
from tests.browser.photographs import photograph
from tests.browser.test_accessibility import CONTRASTS
from tests.factories.hosts import PREFIX
from tests.factories.streets import enter_doors

TABLET = (768, 1024)
DOORS = [f"河坊街{number}号" for number in range(1, 61)] + ["文一路12号", "文一路18号"]


def enter_town(session: Session) -> None:
    """Two streets; some doors have plates, one has no point, one is frozen."""
    codes = enter_doors(session, DOORS)
    batch = open_batch(
        session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    issue_plates(session, batch, codes[:40], COMMAND_LINE, status="in_use")
    change = "update address set {} where code = :code"
    session.execute(text(change.format("geom = null")), {"code": codes[2]})
    session.execute(text(change.format("status = 'frozen'")), {"code": codes[4]})


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, enter_town, approval_above=10) as one:
        yield one


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing sideways, and a picture, at three widths."""
    for size in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        photograph(page, f"addresses-{name}-{size[0]}")
        assert list_barriers(page) == [], (name, size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, size
        assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == [], (name, size)


def test_an_officer_searches_narrows_and_takes_the_list_along(
    browser: Browser, bureau: Bureau
) -> None:
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin")
    look_at(officer, "home")
    officer.fill("#seek", "河坊街")
    officer.click(".seek button")
    expect(officer.locator("caption")).to_have_text("河坊街，按街路顺序排列")
    look_at(officer, "street")
    officer.click("text=下一页")
    expect(officer.locator("tbody tr")).to_have_count(10)
    officer.fill("#q", "")
    officer.check("text=无牌")
    officer.click("main button")
    expect(officer.locator("tbody tr")).to_have_count(22)
    look_at(officer, "without-plate")
    with officer.expect_download() as download:
        officer.click("text=Excel")
    assert download.value.suggested_filename == "地址-上城区.xlsx"
    officer.fill("#seek", "hefang")
    officer.click(".seek button")
    officer.click("main a >> text=河坊街")
    expect(officer.locator("tbody tr")).to_have_count(50)
    officer.fill("#seek", "没有的路9号")
    officer.click(".seek button")
    look_at(officer, "nothing")
