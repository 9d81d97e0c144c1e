"""Stories of two officers: a list of addresses is changed at once, agreed to by the second."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from service.run_kinds import register_run_kinds
from service.runs import worker_loop
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.test_building_and_numbers import fill_street, look_at


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    register_run_kinds()
    with open_bureau(tmp_path, fill_street, approval_above=20) as one:
        yield one


def test_a_street_is_frozen_by_two_without_script(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na", scripts=False)
    officer.goto(f"{bureau.url}/admin/addresses?q=河坊街&state=active")
    officer.click("text=批量办理这份名单")
    officer.select_option("#action", "freeze")
    officer.fill("#reason", "整治核查")
    officer.click("text=先看结果")
    expect(officer.locator("main")).to_contain_text("29 个")
    officer.click("text=提交审批")
    expect(officer.locator("h1")).to_contain_text("等待审批")
    approver = enter(browser, bureau, "zhang.wei")
    approver.goto(f"{bureau.url}/admin")
    approver.click("text=审批 >> nth=-1")
    look_at(approver, "bulk-asked")
    approver.get_by_role("button", name="批准").click()
    expect(approver.locator("main")).to_contain_text("批准。")
    number = int(approver.url.rpartition("/")[2])
    worker_loop.run_chunks(bureau.database, number)
    officer.reload()
    expect(officer.locator("#result")).to_contain_text("已办 29 个，没有办 0 个")


def test_the_look_and_the_result_have_no_barriers(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/bulk-changes/new?q=河坊街1号")
    officer.select_option("#action", "element")
    officer.select_option("#element", "devzone")
    officer.fill("#value", "钱江开发区")
    officer.click("text=先看结果")
    expect(officer.locator("main")).to_contain_text("请填写事由")
    look_at(officer, "bulk-fault")
    officer.fill("#reason", "补登开发区")
    officer.click("text=先看结果")
    expect(officer.locator("main")).to_contain_text("钱江开发区河坊街1号")
    look_at(officer, "bulk-look")
    officer.get_by_role("button", name="办理 1 个地址").click()
    number = int(officer.url.rpartition("/")[2])
    worker_loop.run_chunks(bureau.database, number)
    officer.reload()
    expect(officer.locator("#result")).to_contain_text("已办 1 个")
    look_at(officer, "bulk-result")
    officer.goto(f"{bureau.url}/admin/bulk-changes")
    expect(officer.locator("main")).to_contain_text("改地址中的一项")
    look_at(officer, "bulk-list")


def test_a_polygon_is_drawn_on_the_map(browser: Browser, bureau: Bureau) -> None:
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/bulk-changes/new")
    expect(officer.locator("[data-tools]")).to_contain_text("全部重画")
    officer.locator(".canvas").scroll_into_view_if_needed()
    box = officer.locator(".canvas").bounding_box()
    assert box
    for across, down in ((0.1, 0.2), (0.8, 0.2), (0.8, 0.8), (0.1, 0.8)):
        officer.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        officer.wait_for_timeout(400)  # two clicks at once zoom
    expect(officer.locator("#polygon")).to_have_value(re.compile("Polygon"))
    officer.select_option("#action", "freeze")
    officer.fill("#reason", "整治核查")
    officer.click("text=先看结果")
    expect(officer.locator("main")).to_contain_text("多边形里的地址")
    expect(officer.locator("main")).to_contain_text("结果会是这样")
    look_at(officer, "bulk-polygon")
