"""Residents report a plate on a phone without script: elder view, English, no barriers."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from address_model.reports import ReportState
from service.app import create_app
from service.core.actor import Actor
from service.core.database import Database
from service.core.settings import Settings
from service.reports.commands import answer_report
from tests.browser.axe import list_barriers
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.browser.test_accessibility import CONTRASTS
from tests.database import TestDatabase
from tests.factories import make_plates

SIZES = ((360, 780), (1280, 800))


def look_at(page: Page, name: str, *, smallest: int = 14) -> None:
    """Nothing is cut off or too small to touch, contrasts are strong, and there are no barriers."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"report-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    assert list_barriers(page) == [], name
    assert [one for one in page.evaluate(CONTRASTS) if one[0] < 7] == []
    small = page.eval_on_selector_all(
        "main li a, main a.lead, main button, main input:not([type=hidden]), main textarea",
        "all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)",
    )
    assert small == [], name
    sizes = "Math.min(...[...document.querySelectorAll('main *, footer *')].filter(e => "
    sizes += "e.innerText).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    assert page.evaluate(sizes) >= smallest


def test_a_resident_reports_a_plate_and_reads_the_answer(
    browser: Browser, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (token,) = make_plates(session, status="in_use")
    context = browser.new_context(bypass_csp=False)
    page = context.new_page()
    settings = Settings(home=tmp_path, files_url=str(tmp_path / "files"))
    try:
        with serve(create_app(database, settings)) as url:
            page.goto(f"{url}/{token}")
            photograph(page, "report-scan")
            page.get_by_role("link", name="报告问题").click()
            look_at(page, "choose")
            page.get_by_role("link", name="门牌坏了").click()
            look_at(page, "fill")
            page.get_by_label("补充说明").fill("我叫王小明，牌子裂了")
            page.get_by_role("button", name="发送").click()
            expect(page.get_by_role("alert")).to_contain_text("请去掉“我叫王小明”")
            look_at(page, "refused")
            page.get_by_label("补充说明").fill("牌子裂了")
            page.get_by_role("button", name="发送").click()
            expect(page.get_by_role("heading", name="发送前看一遍")).to_be_visible()
            look_at(page, "preview")
            page.get_by_role("button", name="发送").click()
            expect(page.get_by_role("heading", name="报告已收到")).to_be_visible()
            look_at(page, "sent")
            link = page.url.removesuffix("&new=1")
            number = link.rpartition("/")[2].partition("?")[0]
            with database.session() as session:
                done = (ReportState.DONE, "已经换上新门牌。")
                answer_report(session, number, done, Actor("staff", "officer"))
            page.goto(link)
            expect(page.get_by_text("已经换上新门牌。")).to_be_visible()
            look_at(page, "answered")
            page.get_by_role("button", name="没解决").click()
            expect(page.get_by_text("已经转到上一级")).to_be_visible()
            look_at(page, "reopened")
            page.goto(f"{url}/reports?lang=en")
            look_at(page, "find-english")
            page.goto(f"{url}/report/{token}?v=elder")
            look_at(page, "choose-elder", smallest=18)
            page.get_by_role("link", name="电话不通").click()
            look_at(page, "fill-elder", smallest=18)
            page.get_by_role("button", name="发送").click()
            look_at(page, "sent-elder", smallest=18)
            assert context.cookies() == []
    finally:
        context.close()
        database.dispose()
