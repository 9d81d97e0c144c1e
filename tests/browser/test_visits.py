import pytest
from playwright.sync_api import Browser, Page, Request

from tests.factories.cards import PLATE

SPEECH = """
window.said = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, 'speechSynthesis', {value: {
  speak: line => window.said.push([line.text, line.lang]), cancel: () => window.said.push('stop'),
}});
"""


def visit(browser: Browser, url: str, *, script: bool = True) -> tuple[Page, list[Request]]:
    context = browser.new_context(java_script_enabled=script)
    if script:
        context.add_init_script(SPEECH)
    page = context.new_page()
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    page.on("request", note)
    page.goto(url, wait_until="networkidle")
    return page, requests


@pytest.mark.parametrize("query", ["", "?v=elder", "?lang=en", "?v=elder&lang=en"])
def test_a_scan_takes_few_requests_to_one_host_and_leaves_no_cookie(
    browser: Browser, site_url: str, query: str
) -> None:
    page, requests = visit(browser, f"{site_url}/{PLATE}{query}")
    assert len(requests) <= (2 if "elder" in query else 1)
    assert [r.url for r in requests if not r.url.startswith((site_url, "data:"))] == []
    assert [r.url for r in requests if r.redirected_from] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.context.close()


def test_the_elder_view_reads_the_line_aloud_digit_by_digit(
    browser: Browser, site_url: str
) -> None:
    page, _ = visit(browser, f"{site_url}/{PLATE}?v=elder")
    button = page.locator(".aloud")
    assert button.is_visible()
    button.click()
    text, language = page.evaluate("said[said.length - 1]")
    assert language == "zh-CN"
    assert text.startswith("我在杭州市上城区")
    assert "三 三 零 一" in text
    assert not any(figure in text for figure in "0123456789")
    assert button.inner_text() == "停止朗读"
    button.click()
    assert page.evaluate("said[said.length - 1]") == "stop"
    assert button.inner_text() == "朗读这句话"
    page.context.close()


def test_without_script_the_elder_view_shows_no_dead_button(
    browser: Browser, site_url: str
) -> None:
    page, _ = visit(browser, f"{site_url}/{PLATE}?v=elder", script=False)
    assert not page.locator(".aloud").is_visible()
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_view_and_language_go_with_the_reader_from_page_to_page(
    browser: Browser, site_url: str, script: bool
) -> None:
    page, _ = visit(browser, f"{site_url}/{PLATE}", script=script)
    page.click(".views a >> nth=0")
    page.click(".views a >> nth=1")
    assert page.url.endswith(f"/{PLATE}?v=elder&lang=en")
    page.click("footer a >> text=Privacy")
    assert page.url.endswith("/privacy?v=elder&lang=en")
    page.click("footer a >> text=Look up another plate")
    page.fill("#q", PLATE.lower())
    page.click("button[type=submit]")
    assert page.url.endswith(f"/{PLATE}?v=elder&lang=en")
    page.click(".views a >> nth=0")
    page.click(".views a >> nth=1")
    assert page.url.rstrip("?").endswith(f"/{PLATE}")
    page.context.close()
