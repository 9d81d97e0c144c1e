import pytest
from playwright.sync_api import Page

from service.scans.reader import View
from tests.browser.conftest import DESK, NARROW, PHONE, ZOOMED, fill
from tests.browser.photographs import SCREENS, photograph
from tests.factories.pages import CARDS, NAMES, READERS

PAIRS = [(name, reader) for name in NAMES for reader in READERS]
STANDARD = [reader for reader in READERS if READERS[reader].view is View.STANDARD]
IN_FORCE = ("street", "room", "village", "slope", "no-contacts", "old-contacts", "bare")

# Everything in one look: boxes, what sticks out, what is cut, what overlaps, what is touched.
LOOK = """() => {
  const shown = e => !e.closest('svg') && !e.closest('.hidden') && !e.hidden;
  const all = [...document.querySelectorAll('body *')].filter(shown)
    .map(e => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.width > 0);
  const name = e => e.outerHTML.slice(0, 70);
  const inline = e => getComputedStyle(e).display === 'inline';
  const leaves = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || parent.closest('style,script')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      // a line's box is taller than its letters: compare their middle
      const shrink = box.height * 0.28;
      leaves.push([node, box.left + 1, box.top + shrink, box.right - 1, box.bottom - shrink]);
    }
  }
  const over = [];
  for (let i = 0; i < leaves.length; i++) for (let j = i + 1; j < leaves.length; j++) {
    const [a, l, t, r, b] = leaves[i], [c, L, T, R, B] = leaves[j];
    if (a !== c && l < R && L < r && t < B && T < b) over.push(a.data + ' | ' + c.data);
  }
  return {
    count: all.length,
    out: all.filter(([e, b]) => b.left < -0.5 || b.right > innerWidth + 0.5).map(([e]) => name(e)),
    cut: all.filter(([e]) => !inline(e) && !e.matches('input')
      && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2)
      && getComputedStyle(e).overflow !== 'visible').map(([e]) => name(e)),
    wide: document.documentElement.scrollWidth - innerWidth,
    over,
    low: all.filter(([e]) => e.matches(
      'ul:not(.list) > li > a, input, button, footer a, .views a, .lead, .sms, .paper'))
      .map(([e, b]) => [b.height, name(e)]),
    small: leaves.map(([n]) => [parseFloat(getComputedStyle(n.parentElement).fontSize), n.data]),
  };
}"""


@pytest.mark.parametrize(("name", "reader"), PAIRS)
def test_nothing_sticks_out_is_cut_or_overlaps(plain_page: Page, name: str, reader: str) -> None:
    for size, text in ((NARROW, 100), (NARROW, 150), (PHONE, 150), (ZOOMED, 100), (DESK, 100)):
        look = fill(plain_page, name, READERS[reader], size, text).evaluate(LOOK)
        where = (size, text)
        assert look["count"] > 20, where
        assert (look["out"], look["cut"], look["over"]) == ([], [], []), where
        assert look["wide"] <= 0, where


@pytest.mark.parametrize(("name", "reader"), PAIRS)
def test_what_is_touched_is_large_and_so_is_what_elders_read(
    plain_page: Page, name: str, reader: str
) -> None:
    elder = READERS[reader].view is View.ELDER
    look = fill(plain_page, name, READERS[reader], PHONE).evaluate(LOOK)
    assert len(look["low"]) >= 2
    assert [found for found in look["low"] if found[0] < (60 if elder else 44)] == []
    assert [found for found in look["small"] if found[0] < (18 if elder else 12)] == []


@pytest.mark.parametrize("reader", STANDARD)
@pytest.mark.parametrize("name", CARDS)
def test_the_first_screen_of_a_phone_holds_what_is_needed(
    plain_page: Page, name: str, reader: str
) -> None:
    page = fill(plain_page, name, READERS[reader], PHONE)
    parts = [".plate", ".state", ".sos"]
    parts += [] if name == "void" else [".code b", ".path", ".say"]
    for part in parts:
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740, part


@pytest.mark.parametrize("name", IN_FORCE)
def test_views_and_languages_are_on_the_first_screen_of_a_plate_in_force(
    plain_page: Page, name: str
) -> None:
    box = fill(plain_page, name, READERS["zh"], PHONE).locator(".views").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740


@pytest.mark.parametrize("name", IN_FORCE)
def test_code_and_state_stand_on_one_line_of_a_phone(plain_page: Page, name: str) -> None:
    page = fill(plain_page, name, READERS["zh"], PHONE)
    code, state = (page.locator(part).bounding_box() for part in (".code b", ".state"))
    assert code is not None
    assert state is not None
    assert abs((code["y"] + code["height"] / 2) - (state["y"] + state["height"] / 2)) < 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reader", ["zh", "en", "elder"])
def test_every_page_is_photographed(plain_page: Page, name: str, reader: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for size in (PHONE, DESK) if reader == "zh" else (PHONE,):
        page = fill(plain_page, name, READERS[reader], size)
        path = SCREENS / f"{name}-{reader}-{size[0]}.png"
        assert len(page.screenshot(path=path, full_page=True)) > 8_000


def test_the_print_shows_help_and_address_and_no_buttons(plain_page: Page) -> None:
    page = fill(plain_page, "street", READERS["zh"], DESK)
    page.emulate_media(media="print")
    try:
        for part in (".plate", ".say", ".who", ".facts", ".map"):
            assert page.locator(part).first.is_visible(), part
        for part in (".views", ".go", ".paper", ".services", ".sms"):
            assert not page.locator(part).first.is_visible(), part
        photograph(page, "street-print")
    finally:
        page.emulate_media(media="screen")
