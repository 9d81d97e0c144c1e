from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from service.scans import pages
from tests.factories.cards import DEMO_SITE, card_of, street_card

SCREENS = Path(__file__).resolve().parents[2] / "artefacts" / "screens"
PHONE, DESK, NARROW = (360, 740), (1280, 800), (320, 640)
DOCUMENTS = {
    "street": pages.render_card(street_card(), DEMO_SITE),
    "room": pages.render_card(card_of("ZJH-0087-B03-U2-501", pinyin="Shili Huayuan"), DEMO_SITE),
    "village": pages.render_card(card_of("ZJH-0080-3-007", pinyin="Zhuge Cun"), DEMO_SITE),
    "slope": pages.render_card(card_of("ZJH-0062-0016", pinyin="Shili Lu"), DEMO_SITE),
    "unknown": pages.render_unknown(DEMO_SITE),
    "home": pages.render_home(DEMO_SITE),
    "fault": pages.render_home(DEMO_SITE, "3301 0612 3456 7834", pages.WRONG_DIGITS),
    "privacy": pages.render_privacy(DEMO_SITE),
    "error": pages.render_error(503, DEMO_SITE),
}
PLATES = ("street", "room", "village", "slope")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()


def open_page(browser: Browser, name: str, size: tuple[int, int], text: int = 100) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size[0] < 500 else 1,
        java_script_enabled=False,
        offline=True,
    )
    page = context.new_page()
    enlarged = f"<style>html{{font-size:{text}%}}</style></head>"
    page.set_content(DOCUMENTS[name].replace("</head>", enlarged))
    return page


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360x740", "1280x800"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_page_is_photographed_without_script_and_network(
    browser: Browser, name: str, size: tuple[int, int]
) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page = open_page(browser, name, size)
    picture = page.screenshot(path=SCREENS / f"{name}-{size[0]}x{size[1]}.png", full_page=True)
    assert len(picture) > 10_000
    page.context.close()


@pytest.mark.parametrize("name", PLATES)
def test_the_first_screen_of_a_phone_holds_what_is_needed(browser: Browser, name: str) -> None:
    page = open_page(browser, name, PHONE)
    for part in (".plate", ".code b", ".state", ".path", ".sos", ".say"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740, part
    page.context.close()


@pytest.mark.parametrize("name", PLATES)
def test_code_and_state_stand_on_one_line_of_a_phone(browser: Browser, name: str) -> None:
    page = open_page(browser, name, PHONE)
    code, state = (page.locator(part).bounding_box() for part in (".code b", ".state"))
    assert code is not None
    assert state is not None
    assert abs((code["y"] + code["height"] / 2) - (state["y"] + state["height"] / 2)) < 3
    page.context.close()


BOXES = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('svg') && !e.closest('.hidden'))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 0)
  .map(([e, box]) => ({
    isField: e.matches('input'), what: e.outerHTML.slice(0, 80),
    left: box.left, right: box.right, height: box.height,
    overflow: e.scrollWidth - e.clientWidth, isInline: getComputedStyle(e).display === 'inline',
    isTarget: e.matches('ul:not(.list) > li > a, input, button, footer a'),
  }))"""


@pytest.mark.parametrize("text", [100, 150])
@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "360"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_sticks_out_of_a_narrow_screen_or_of_its_box(
    browser: Browser, name: str, size: tuple[int, int], text: int
) -> None:
    page = open_page(browser, name, size, text)
    boxes = page.evaluate(BOXES)
    assert len(boxes) > 20
    outside = [box for box in boxes if box["left"] < 0 or box["right"] > size[0] + 0.5]
    cut = [box for box in boxes if not box["isInline"] and not box["isField"]]
    cut = [box for box in cut if box["overflow"] > 1]
    assert outside == []
    assert cut == []
    page.context.close()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_touched_is_at_least_44_pixels_high(browser: Browser, name: str) -> None:
    page = open_page(browser, name, PHONE)
    targets = [box for box in page.evaluate(BOXES) if box["isTarget"]]
    assert len(targets) >= 2
    assert [box for box in targets if box["height"] < 44] == []
    page.context.close()
