import pytest
from playwright.sync_api import Page

from service.scans import sketch
from tests.browser.axe import list_barriers
from tests.browser.conftest import PHONE, fill
from tests.factories.pages import NAMES, READERS

# Language changes words, the view changes the page: these two see every template in every state
PAIRS = [(name, reader) for name in NAMES for reader in ("zh", "elder-en")]
PAIRS += [(name, reader) for name in ("street", "home") for reader in ("en", "elder")]

CONTRASTS = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
      if (c[3] !== 0) throw new Error('half transparent ground');
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || e.closest('svg,style,script')) continue;
    const ink = light(parse(getComputedStyle(e).color)), back = light(ground(e));
    const ratio = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
    found.push([ratio, node.data.trim()]);
  }
  return found;
}"""


@pytest.mark.parametrize(("name", "reader"), PAIRS)
def test_axe_finds_nothing(scripted_page: Page, name: str, reader: str) -> None:
    page = fill(scripted_page, name, READERS[reader], PHONE)
    assert list_barriers(page) == []


@pytest.mark.parametrize(("name", "reader"), PAIRS)
def test_every_text_stands_out_seven_to_one(plain_page: Page, name: str, reader: str) -> None:
    found = fill(plain_page, name, READERS[reader], PHONE).evaluate(CONTRASTS)
    assert len(found) > 8
    assert [one for one in found if one[0] < 7] == []


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return sum(v * weight for v, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (sketch.INK, sketch.HOUSE),
        (sketch.INK, sketch.GROUND),
        (sketch.INK, sketch.ROAD),
        ("#fff", sketch.PLATE),
    ],
)
def test_the_sketch_is_as_easy_to_read(ink: str, ground: str) -> None:
    dark, light = sorted([luminance(ink), luminance(ground)])
    assert (light + 0.05) / (dark + 0.05) >= 7
