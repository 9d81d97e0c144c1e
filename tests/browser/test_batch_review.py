"""An officer looks at plates before they are made; a colleague sends the batch back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from tests.browser.bureau import Bureau, enter, look_at, open_bureau
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place

DOORS = 60
PATIENCE = 60_000  # the first picture starts the process that draws


def enter_doors(session: Session) -> None:
    """Doors and a room of one street."""
    place = make_place(session)
    drafts = [make_draft(place, str(number)) for number in range(1, DOORS + 1)]
    room = make_elements("88")._replace(room=Numbered("101", "室"))
    enter_addresses(session, [*drafts, make_draft(place, "88", elements=room)], COMMAND_LINE)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, enter_doors, approval_above=10) as one:
        yield one


def require_previews(page: Page, count: int) -> None:
    """So many pictures are there and are pictures."""
    pictures = page.locator(".previews img")
    expect(pictures).to_have_count(count)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True, timeout=PATIENCE)
        assert picture.evaluate("image => image.naturalWidth") > 300


def test_a_batch_is_looked_at_sent_back_changed_and_submitted_again(
    browser: Browser, bureau: Bureau
) -> None:
    officer, colleague = enter(browser, bureau, "li.na"), enter(browser, bureau, "zhang.wei")
    officer.goto(f"{bureau.url}/admin/batches/new")
    officer.fill("#name", "河坊街 2026 年第一批")
    officer.fill("#street", "没有的路")
    officer.click("text=生成名单")
    expect(officer.locator("[role=alert]")).to_contain_text("没有选出地址")
    expect(officer.locator("#name")).to_have_value("河坊街 2026 年第一批")
    look_at(officer, "refused")
    officer.fill("#street", "")
    officer.click("text=生成名单")
    require_previews(officer, 2)
    officer.click("text=下一页")
    row = officer.locator("tr", has_text="河坊街60号")
    row.locator("summary").click()
    row.locator("input[name=reason]").fill("拆除")
    row.locator("button").click()
    expect(row).to_contain_text("不制作：拆除")
    look_at(officer, "left-out")
    officer.click("button >> text=提交")

    colleague.goto(f"{bureau.url}/admin")
    look_at(colleague, "home-approver")
    colleague.click("text=河坊街 2026 年第一批")
    require_previews(colleague, 2)
    look_at(colleague, "review")
    colleague.click("summary >> text=退回")
    colleague.fill("#reason", "59号也已拆除，请去掉")
    colleague.click("button >> text=退回给")

    officer.goto(f"{bureau.url}/admin")
    expect(officer.locator("main")).to_contain_text("59号也已拆除，请去掉")
    look_at(officer, "home-author")
    officer.click("text=河坊街 2026 年第一批")
    look_at(officer, "sent-back")
    officer.click("button >> text=提交")
    expect(officer.locator("#live .state")).to_have_text("待审批")


def test_a_page_that_is_behind_shows_both_sides_and_goes_on_if_told_to(
    browser: Browser, bureau: Bureau
) -> None:
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/batches/new")
    officer.fill("#name", "河坊街 2026 年第二批")
    officer.click("text=生成名单")
    other = officer.context.new_page()
    other.goto(officer.url)
    row = other.locator("tr", has_text="河坊街2号")
    row.locator("summary").click()
    row.locator("input[name=reason]").fill("拆除")
    row.locator("button").click()
    expect(row).to_contain_text("不制作：拆除")

    officer.click("button >> text=提交")
    expect(officer.locator("h1")).to_have_text("内容已经改过")
    expect(officer.locator("[role=alert]")).to_contain_text("li.na")
    expect(officer.locator("main")).to_contain_text(f"当时看到：状态：草稿，制作：{DOORS + 1} 块")
    expect(officer.locator("main")).to_contain_text(f"{DOORS} 块")
    look_at(officer, "outdated")
    officer.click("text=看清楚了，仍要提交")
    expect(officer.locator("#live .state")).to_have_text("待审批")
