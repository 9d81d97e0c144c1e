"""Stories of an officer: three towers are entered in one go, a gap in a street is mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands import retire_address
from service.addresses.queries import list_descendants
from service.core.actor import COMMAND_LINE
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.photographs import photograph
from tests.factories.batches import make_street

SIZES = ((360, 740), (1280, 800))


def fill_street(session: Session) -> None:
    """A bent street of thirty doors; one is missing, and one stands on the other side."""
    codes = make_street(session, 30)
    session.execute(
        text(
            "update address set geom = ST_SetSRID(ST_MakePoint(120.165 + number_order * 0.0001, "
            "30.24 + number_order * number_order * 0.000001 + (case when number_order = 14 then 1 "
            "else number_order % 2 end) * 0.0002), 4490) where number_order > 0"
        )
    )
    retire_address(session, codes[8], COMMAND_LINE, reason="拆除")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, fill_street, approval_above=500) as one:
        yield one


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone and at a desk."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"journey-{name}-{width}")
        assert list_barriers(page) == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def door(bureau: Bureau, number: int) -> str:
    with bureau.database.reading() as session:
        statement = text("select code from address where level = 'number' and number_order = :n")
        return str(session.scalars(statement, {"n": number}).one())


@pytest.mark.parametrize("scripts", [True, False])
def test_three_towers_are_entered_in_one_go(
    browser: Browser, bureau: Bureau, *, scripts: bool
) -> None:
    code = door(bureau, 3)
    officer = enter(browser, bureau, "li.na", scripts=scripts)
    officer.goto(f"{bureau.url}/admin/addresses")
    officer.click("text=成栋登记")
    officer.fill("#at", code)
    officer.click("text=下一步")
    officer.fill("#buildings", "1-3")
    officer.fill("#floors", "1-18")
    officer.fill("#rooms", "01-04")
    if scripts:
        look_at(officer, "building-form")
    officer.click("text=先看结果")
    expect(officer.locator("#doing")).to_contain_text("新登记 219 个地址")
    officer.get_by_label("2幢1404室").uncheck()
    if scripts:
        look_at(officer, "building-table")
    officer.click("text=确认成栋登记")
    expect(officer.locator("#history")).to_contain_text("新登记 218 个幢、单元、室")
    with bureau.database.reading() as session:
        below = list_descendants(session, [code], most=1000)
    assert len(below) == 218
    assert not any(row.standard_text.endswith("2幢1404室") for _, row in below)


def test_a_gap_is_found_and_mended(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/addresses?q=河坊街")
    officer.click("text=编号检查")
    found = officer.locator("#found")
    expect(found).to_contain_text("缺 9号")
    expect(found).to_contain_text("14号：双号在单号一侧")
    look_at(officer, "numbers")
    officer.click("text=登记 9号")
    expect(officer.locator("#new")).to_contain_text("在 7号 与 11号 之间")
    look_at(officer, "numbers-new")
    officer.click("#new button")
    expect(officer.locator("h1")).to_contain_text("河坊街9号")
    officer.goto(f"{bureau.url}/admin/addresses?q=河坊街")
    officer.click("text=编号检查")
    expect(officer.locator("#found")).not_to_contain_text("断号")
    officer.click("text=就是这样，不用改")
    officer.fill("#found [name=reason]", "对面的院门，出入在此")
    officer.click("text=认可")
    expect(officer.locator("#found")).to_contain_text("没有发现断号")
    expect(officer.locator("main")).to_contain_text("对面的院门")
    look_at(officer, "numbers-accepted")
