"""What an officer prints: the record on A4 with its margins, and nothing of the frame."""

import io
from collections.abc import Iterator

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.photographs import SCREENS
from tests.browser.test_audit_story import enter_street

FRAME = ("退出", "查找", "导出这份名单", "更正", "隐私说明", "地图", "导入清单")
A4 = (595, 842)
PAGES = {
    "list": ("/admin/addresses?q=河坊街", ("河坊街1号", "河坊街3号", "有效")),
    "address": ("/admin/addresses/{code}", ("河坊街1号", "地址编码", "沿革", "上城区")),
    "home": ("/admin", ("工作台", "地址状态")),
}


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with open_bureau(tmp_path_factory.mktemp("home"), enter_street, approval_above=10) as one:
        yield one


@pytest.fixture(scope="module")
def officer(browser: Browser, bureau: Bureau) -> Iterator[Page]:
    page = enter(browser, bureau, "li.na")
    yield page
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_the_record_without_its_frame(
    officer: Page, bureau: Bureau, name: str
) -> None:
    path, shown = PAGES[name]
    with bureau.database.reading() as session:
        code = session.scalar(text("select code from address order by number_order limit 1"))
    officer.goto(f"{bureau.url}{path.format(code=code)}")
    data = officer.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    SCREENS.mkdir(parents=True, exist_ok=True)
    SCREENS.joinpath(f"print-{name}.pdf").write_bytes(data)
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    width, height = document[0].get_size()
    assert abs(width - A4[0]) < 2
    assert abs(height - A4[1]) < 2
    said = "".join(page.get_textpage().get_text_range() for page in document)
    boxes = [page.get_textpage().get_charbox(0) for page in document]
    document.close()
    assert all(word in said for word in shown), said
    assert [word for word in FRAME if word in said] == []
    assert all(left >= 30 for left, _, _, _ in boxes)  # points: the margin of 12 mm
