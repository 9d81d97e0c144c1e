"""A clerk imports a list in the browser: recognised, checked, stored, and on to its plates."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.bureau import Bureau, enter, look_at, open_bureau

LIST = (
    "序号,社区,街路巷名称,门牌号,用途\n"
    "1,清河坊社区,河坊街,88号,商铺\n"
    "2,清河坊社区,高银街,26号,\n"
    "3,清河坊社区,,号,\n"
    "4,清河坊社区,河坊街,对面,\n"
)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, approval_above=10, has_divisions=True) as one:
        yield one


def test_a_list_goes_from_the_file_to_the_register(
    browser: Browser, bureau: Bureau, tmp_path: Path
) -> None:
    file = tmp_path / "清波街道门牌登记表.csv"
    file.write_text(LIST, "utf-8")
    clerk = enter(browser, bureau, "li.na")
    clerk.goto(f"{bureau.url}/admin/imports")
    look_at(clerk, "imports-none")
    clerk.set_input_files("#file", file)
    clerk.click("button >> text=上传")
    expect(clerk.locator("main")).to_contain_text("没有认出、不会入库的列：用途")
    look_at(clerk, "imports-read")
    clerk.click("button >> text=核对")
    expect(clerk.locator(".filters")).to_contain_text("新增 2")
    expect(clerk.locator(".filters")).to_contain_text("错误 2")
    look_at(clerk, "imports-checked")
    clerk.click("main table a >> text=/^5$/")
    expect(clerk.locator(".wrong input").last).to_have_value("对面")
    look_at(clerk, "imports-row")
    clerk.locator(".wrong input").last.fill("92号")
    clerk.click("button >> text=重新核对这一行")
    expect(clerk.locator(".filters")).to_contain_text("新增 3")
    expect(clerk.locator(".filters")).to_contain_text("错误 1")
    clerk.click("main button >> text=/^入库$/")
    expect(clerk.locator(".notice").first).to_contain_text("已入库")
    look_at(clerk, "imports-stored")
    clerk.click("text=做门牌")
    expect(clerk.locator("#name")).to_have_value("清波街道门牌登记表")
    clerk.goto(f"{bureau.url}/admin/imports")
    look_at(clerk, "imports-list")


NAMESAKES = (
    "地址,经度,纬度\n"
    "上城区清波街道永福路1号,120.1612,30.2421\n"
    "上城区清波街道永福路3号,120.1618,30.2423\n"
    "上城区湖滨街道永福路3号,120.1690,30.2561\n"
    "上城区湖滨街道永福路5号,120.1695,30.2566\n"
)


def test_a_namesake_is_decided_by_what_both_sides_show(
    browser: Browser, bureau: Bureau, tmp_path: Path
) -> None:
    file = tmp_path / "永福路.csv"
    file.write_text(NAMESAKES, "utf-8")
    clerk = enter(browser, bureau, "li.na")
    clerk.goto(f"{bureau.url}/admin/imports")
    clerk.set_input_files("#file", file)
    clerk.click("button >> text=上传")
    clerk.click("button >> text=/^核对$/")
    expect(clerk.locator(".filters")).to_contain_text("待定 2")
    clerk.click("main button >> text=/^入库$/")
    clerk.click("text=去定")
    expect(clerk.locator("main table")).to_contain_text("永福路")
    look_at(clerk, "imports-questions")
    clerk.click("main table a >> text=永福路")
    expect(clerk.locator("main .sketch rect")).to_have_count(2)
    look_at(clerk, "imports-question")
    clerk.click("button >> text=是两处")
    expect(clerk.locator("main")).to_contain_text("没有要定的")


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Bureau]:
    """A bureau in which nobody imports more than one address alone."""
    with open_bureau(
        tmp_path, has_divisions=True, approval_above=10, import_approval_above=1
    ) as one:
        yield one


def test_a_reviewer_sends_an_import_back(browser: Browser, strict: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "清波街道门牌登记表.csv"
    file.write_text(LIST, "utf-8")
    clerk, reviewer = enter(browser, strict, "li.na"), enter(browser, strict, "zhang.wei")
    clerk.goto(f"{strict.url}/admin/imports")
    clerk.set_input_files("#file", file)
    clerk.click("button >> text=上传")
    clerk.click("button >> text=/^核对$/")
    clerk.click("main button >> text=/^入库$/")
    expect(clerk.locator("main")).to_contain_text("等待审批")
    look_at(clerk, "imports-awaiting")
    reviewer.goto(f"{strict.url}/admin")
    reviewer.click("main a >> text=清波街道门牌登记表.csv")
    expect(reviewer.locator("main")).to_contain_text("2 条")
    look_at(reviewer, "imports-review")
    reviewer.click("summary >> text=退回")
    reviewer.fill("#reason", "第 5 行请去现场核实")
    reviewer.click("button.second >> text=退回")
    expect(reviewer.locator("main")).to_contain_text("已退回")
    clerk.reload()
    expect(clerk.locator("main")).to_contain_text("第 5 行请去现场核实")
    look_at(clerk, "imports-sent-back")
