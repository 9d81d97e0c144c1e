"""A clerk takes a list from the file to its plates by keyboard alone, with and without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.test_imports import LIST

FOCUS = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const label = e.labels && e.labels.length ? e.labels[0].textContent : '';
  const named = e.getAttribute('aria-labelledby');
  const by = named ? document.getElementById(named).textContent : '';
  return {
    tag: e.tagName, name: (label || by || e.textContent).replace(/\\s+/g, ' ').trim(),
    value: e.value || '',
    isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}"""
MOST_STOPS = 90


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, has_divisions=True, approval_above=10) as one:
        yield one


def tab_to(page: Page, tag: str, name: str) -> None:
    """Press Tab until an element of this kind and name has the focus, which must be seen."""
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        stops.append(f"{at['tag']} {at['name'][:20]}")
        if at["tag"] == "BODY":
            continue
        assert at["isSeen"], f"the focus is out of sight at {stops[-1]}"
        assert at["isMarked"], f"the focus is not marked at {stops[-1]}"
        if at["tag"] == tag and name in at["name"]:
            return
    raise AssertionError(f"no {tag} {name} among {stops}")


def go_by(page: Page, tag: str, name: str, key: str = "Enter") -> None:
    """Come to an element that leads to another page, and press a key on it."""
    tab_to(page, tag, name)
    with page.expect_navigation():
        page.keyboard.press(key)


def skip_to_content(page: Page) -> None:
    tab_to(page, "A", "跳到正文")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_a_list_goes_to_its_plates_by_keyboard_alone(
    browser: Browser, bureau: Bureau, tmp_path: Path, scripts: bool
) -> None:
    file = tmp_path / "清波街道门牌登记表.csv"
    file.write_text(LIST, "utf-8")
    page = enter(browser, bureau, "li.na", scripts=scripts)
    page.goto(f"{bureau.url}/admin")
    skip_to_content(page)
    go_by(page, "A", "导入清单")
    skip_to_content(page)
    page.on("filechooser", lambda _: None)  # the browser asks us from now on, not from the key on
    tab_to(page, "INPUT", "清单文件")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(file)  # in the dialogue of the system
    go_by(page, "BUTTON", "上传")
    expect(page.locator("main")).to_contain_text("没有认出、不会入库的列：用途")
    tab_to(page, "SELECT", "用途")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUS)["value"]
    page.keyboard.press("ArrowUp")
    assert not page.evaluate(FOCUS)["value"]
    go_by(page, "BUTTON", "核对")
    expect(page.locator(".filters")).to_contain_text("新增 2")
    go_by(page, "A", "新增")
    expect(page.locator("main table").last).to_contain_text("河坊街88号")
    go_by(page, "BUTTON", "入库", "Space")
    expect(page.locator(".notice").first).to_contain_text("已入库")
    go_by(page, "A", "做门牌")
    go_by(page, "BUTTON", "生成名单")
    expect(page.locator("h1")).to_contain_text("清波街道门牌登记表")
    page.context.close()
