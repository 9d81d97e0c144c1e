"""Stories of clerks who know Excel and no shell: six lists, a first plate, forty bad rows."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from benchmarks.accuracy.real_data import find_data
from qr.proof import read_pdf
from service.auth.permissions import Role
from tests.browser.bureau import Bureau, enter, look_at, open_bureau
from tests.command_line import start_worker
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account
from tests.factories.office_lists import form_row, write_form
from tests.service.imports.test_office_lists import read_expected

MINUTES = 5 * 60_000
LISTS: dict[str, dict[str, Any]] = {
    "1-street-office-form.xlsx": {"system": "gcj02"},
    "2-cover-sheet-two-towns.xlsx": {},
    "4-property-rooms.xlsx": {"division": ("杭州市", "西湖区")},
    "5-two-thousand.csv": {},
    "3-other-system.csv": {"system": "bd09"},
    "6-district-form.csv": {},
}
"""What a clerk says of each, as its README does; 5 before 3."""


def enter_province(session: Session) -> None:
    insert_account(session, "wang.fang", Role.OFFICER, "330000000000")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    home = tmp_path_factory.mktemp("home")
    with open_bureau(home, enter_province, has_divisions=True, approval_above=10) as one:
        yield one


def send(clerk: Page, bureau: Bureau, file: Path, *division: str) -> None:
    """Upload a list of a division, picked level by level, and see what was recognised."""
    clerk.goto(f"{bureau.url}/admin/imports")
    for level, name in enumerate(division, 2):
        clerk.locator("select[name=division]").last.select_option(label=name)
        expect(clerk.locator("select[name=division]")).to_have_count(level)  # the next one is there
    clerk.set_input_files("#file", file)
    clerk.click("button >> text=上传")
    expect(clerk.locator("h1")).to_contain_text(file.name)


def check(clerk: Page) -> Counter[str]:
    """Check the list; how many rows there are of each outcome."""
    clerk.click("main button >> text=/核对$/")
    filters = clerk.locator(".filters").first
    expect(filters).to_be_visible()
    told = filters.inner_text()
    return Counter(
        {name: int(n.replace(",", "")) for name, n in re.findall(r"(\S+) ([\d,]+)", told)}
    )


def store(clerk: Page) -> None:
    clerk.click("main button >> text=/^入库$/")
    expect(clerk.locator(".notice").first).to_contain_text("已入库")


def take_problems(clerk: Page, folder: Path) -> Path | None:
    """The workbook of the refused rows, if there are any."""
    link = clerk.get_by_role("link", name="下载问题行")
    if not link.count():
        return None
    with clerk.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def read_sheet(path: Path) -> list[dict[str, object]]:
    rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    headings = next(rows)
    return [dict(zip(headings, row, strict=True)) for row in rows]


@pytest.mark.parametrize("name", LISTS)
def test_a_clerk_takes_in_the_lists_of_six_offices(
    browser: Browser, bureau: Bureau, tmp_path: Path, name: str
) -> None:
    file = find_data(f"lists/{name}")
    if file is None:
        pytest.skip("the office lists are not on this machine")
    clerk, number = enter(browser, bureau, "wang.fang"), name[0]
    send(clerk, bureau, file, *LISTS[name].get("division", ()))
    look_at(clerk, f"office-{number}-read")
    if "system" in LISTS[name]:
        clerk.select_option("#crs", LISTS[name]["system"])
    if number == "3":
        row = clerk.locator("tr", has_text="地址编码(省厅)")
        row.locator("select").select_option(label="其他系统的编号")
    counts = check(clerk)
    look_at(clerk, f"office-{number}-checked")
    problems = take_problems(clerk, tmp_path)
    refused = {str(row["导入原行号"]) for row in read_sheet(problems)} if problems else set()
    expected = read_expected(name)
    must = {row["row"] for row in expected if row["outcome"] == "refused"}
    may = {row["row"] for row in expected if row["outcome"] == "new|refused"}
    assert must <= refused <= must | may, counts
    rest = [row for row in expected if row["outcome"] != "same" and row["row"] not in refused]
    assert counts["新增"] + counts["变更"] + counts["待定"] == len(rest), counts
    store(clerk)
    look_at(clerk, f"office-{number}-stored")
    clerk.context.close()


def test_own_excel_becomes_a_first_plate(browser: Browser, bureau: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "清波街道门牌登记表.xlsx"
    write_form(file, [form_row(n, "四宜路", f"{n * 2}号") for n in range(1, 4)])
    clerk = enter(browser, bureau, "li.na")
    send(clerk, bureau, file)
    look_at(clerk, "own-excel-read")
    assert check(clerk)["新增"] == 3
    store(clerk)
    clerk.click("text=做门牌")
    look_at(clerk, "own-excel-batch")
    clerk.click("text=生成名单")
    look_at(clerk, "own-excel-chosen")
    clerk.click("main button >> text=提交")  # few plates need no colleague
    clerk.click("text=开始制作")
    worker = start_worker(bureau.database.url, bureau.home)
    try:
        expect(clerk.locator("#live .state")).to_have_text("可交付", timeout=MINUTES)
    finally:
        worker.kill()
        worker.wait()
    look_at(clerk, "own-excel-ready")
    with clerk.expect_download() as download:
        clerk.click("text=交给制作单位的压缩包")
    with zipfile.ZipFile(download.value.path()) as archive:
        (plates,) = (name for name in archive.namelist() if re.search(r"\d\.pdf$", name))
        read = list(read_pdf(archive.read(plates), module=1.0))
    assert len(read) == 3
    assert all(payload.startswith(PREFIX) for payload in read)
    clerk.context.close()


def test_forty_bad_rows_of_two_thousand_end_at_none_by_the_downloaded_workbook(
    browser: Browser, bureau: Bureau, tmp_path: Path
) -> None:
    file = tmp_path / "清波街道沿街门牌.csv"
    doors = [f"{n}号" if n % 50 else "门口" for n in range(1, 2001)]
    rows = [f"清河坊社区,十五奎巷,{door}\n" for door in doors]
    file.write_text("社区,街路巷,门牌号\n" + "".join(rows), "utf-8")
    clerk = enter(browser, bureau, "li.na")
    send(clerk, bureau, file)
    counts = check(clerk)
    assert (counts["新增"], counts["错误"]) == (1960, 40)
    look_at(clerk, "forty-bad")
    problems = take_problems(clerk, tmp_path)
    assert problems
    store(clerk)
    book = openpyxl.load_workbook(problems)
    headings = [cell.value for cell in book.active[1]]
    for row in book.active.iter_rows(min_row=2):
        line = row[headings.index("导入原行号")].value
        row[headings.index("门牌号")].value = f"{line - 1}号"
    book.save(problems)
    send(clerk, bureau, problems)
    counts = check(clerk)
    assert (counts["新增"], counts["错误"], counts["冲突"]) == (40, 0, 0)
    look_at(clerk, "forty-mended")
    store(clerk)
    clerk.goto(f"{bureau.url}/admin/addresses?q=十五奎巷")
    expect(clerk.locator("main")).to_contain_text("十五奎巷1号")
    clerk.context.close()
