"""The catalogue's pages in a browser: nothing for axe, room on every screen, no text that runs."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.heritage.catalogue import (
    Listing,
    NameForm,
    Relation,
)
from address_model.heritage.claims import Citation, Claim
from service.core.html import STANDING_HEADERS
from service.heritage import entry_page, pages, search_page
from service.heritage.catalogue_filter import Show
from service.heritage.files import Format, write_entries
from service.heritage.queries.nearby import DoorHere, NearbyEntry
from service.heritage.queries.search import Badge, Facet
from service.heritage.schemas import EntryDetail
from tests.browser.axe import list_barriers
from tests.browser.conftest import DESK, NARROW, PHONE, ZOOMED
from tests.browser.test_accessibility import CONTRASTS
from tests.factories.heritage import (
    HAIYAN,
    HEFANG,
    WUZHEN,
    ZHUGE,
    entry_of,
    heritage_client,
    place_of,
    summary_of,
)
from tests.factories.xss import VECTORS
from tests.service.conftest import catalogue, catalogue_engine, seed  # noqa: F401

ASKED = ("q", "kind", "place", "dynasty", "scheme", "after", "v", "lang")
FACETS = ("heritage_class", "county", "city", "dynasty", "scheme")
ADDRESSES = [
    "/heritage",
    "/heritage?show=map",
    "/heritage?show=map&place=330102",
    "/heritage?show=time",
    "/heritage?q=无此地名",
    *(f"/heritage/{one}" for one in (HAIYAN, WUZHEN, HEFANG, ZHUGE)),
    f"/heritage/{WUZHEN}?v=elder&lang=en",
    "/heritage?v=elder",
    "/heritage?show=time&lang=en",
]
TRAP = """window.ran = 0;
for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = () => { window.ran = 1; };
"""
EVENTS = "mouseover pointerenter focus error load toggle animationstart click"
PROVOKE = """(events) => {
  for (const e of document.querySelectorAll('body *')) {
    for (const name of events.split(' ')) e.dispatchEvent(new Event(name));
    if (e.focus) e.focus();
  }
  const own = [...document.querySelectorAll('*')];
  return {
    handlers: own.filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
    scripts: own.filter(e => e.tagName === 'SCRIPT' && e.type !== 'application/ld+json').length,
    strange: own.filter(e => /^(img|iframe|object|embed|base|video|audio|marquee|template|math)$/i
      .test(e.tagName)).length,
    links: [...document.querySelectorAll('[href]')].map(e => e.getAttribute('href'))
      .filter(h => !/^(https?:|\\/|\\?|#|tel:|data:image\\/svg)/.test(h)),
    ran: window.ran,
  };
}"""
HARMLESS = {"handlers": 0, "scripts": 0, "strange": 0, "links": [], "ran": 0}


@pytest.fixture
def client(catalogue: Session) -> Iterator[TestClient]:  # noqa: F811
    with heritage_client(catalogue) as client:
        yield client


def show(page: Page, client: TestClient, address: str, size: tuple[int, int]) -> Page:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(client.get(address).text)
    return page


@pytest.mark.parametrize(
    ("address", "size"),
    [*((one, PHONE) for one in ADDRESSES), *((one, DESK) for one in ADDRESSES[:6])],
)
def test_axe_finds_nothing(
    scripted_page: Page, client: TestClient, address: str, size: tuple[int, int]
) -> None:
    page = show(scripted_page, client, address, size)
    assert list_barriers(page) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_text_stands_out_seven_to_one(
    plain_page: Page, client: TestClient, address: str
) -> None:
    found = show(plain_page, client, address, DESK).evaluate(CONTRASTS)
    assert [one for one in found if one[0] < 7] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_wider_than_the_screen(
    plain_page: Page, client: TestClient, address: str
) -> None:
    page = show(plain_page, client, address, NARROW)
    for width, height in (NARROW, ZOOMED, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def trapped(browser: Browser) -> Iterator[Page]:
    """A page with script, without our security policy, that notes whatever runs."""
    context = browser.new_context(offline=True)
    context.add_init_script(TRAP)
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    yield page
    context.close()


class Filler:
    """Fills every text of a value with vectors, some at a time, so that all get everywhere."""

    def __init__(self, vectors: Sequence[str]) -> None:
        self.all = " ".join(vectors)
        self.each = cycle(vectors)

    def __call__(self, value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            return (
                next(self.each)
                if name in ("url", "document", "reference", "to_entry")
                else self.all
            )
        if isinstance(value, tuple):
            return tuple(self(one, name) for one in value)
        if is_dataclass(value) and not isinstance(value, Point):
            known = {field.name: getattr(value, field.name) for field in fields(value)}
            return replace(value, **{key: self(one, key) for key, one in known.items()})  # type: ignore[type-var]
        return value


CITED = Citation("a", "a", "a", "a", "b", "press", "not_seen", "a", None, "a")
FULL = entry_of(
    place_of(pinyin="a", needs_review=True, forms=(NameForm("a", year_from=1, year_to=900),)),
    class_name="a", story_zh="a", story_en="a", summary="a", dispute="a", note="a", dynasty="a",
    settlement_since=872, name_since=1190, review_state="doubtful", confidence="a", links=("a",),
    claims=(
        Claim("name", "a", "", "zh", 872, "year", False, "a", (CITED,), "a"),
        Claim("origin", "a", "legend", citations=(CITED, Citation("d", url="e")), note="a"),
        Claim("origin", "a", "scholarly"),
    ),
    recognitions=(Listing("a", "a", "recognized", "a", "1", 2017, None, "a", "a"),),
    relations=(Relation("related", "a", "a", "a"),),
)  # fmt: skip
BADGED = summary_of(badges=(Badge("a", "a", "a", "a", 2017),), settlement_since=872, dynasty="唐")


@pytest.mark.parametrize("part", range(6))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_of_an_entry_runs(
    trapped: Page, monkeypatch: pytest.MonkeyPatch, part: int, language: str
) -> None:
    fill = Filler(VECTORS[part::6])
    entry, summary = replace(fill(FULL), heritage_class="street_lane"), fill(BADGED)
    door = DoorHere(fill.all, fill.all)
    monkeypatch.setattr(pages, "find_entry", lambda *_: entry)
    monkeypatch.setattr(entry_page, "list_summaries_of", lambda *_: {entry.id: summary})
    monkeypatch.setattr(entry_page, "list_nearby", lambda *_, **__: [NearbyEntry(summary, 120)])
    monkeypatch.setattr(entry_page, "list_doors_at", lambda *_, **__: [door])
    monkeypatch.setattr(entry_page, "list_schemes", lambda _: [])
    with heritage_client(None) as client:  # type: ignore[arg-type]
        answer = client.get(f"/heritage/TEST-1?lang={language}")
    assert answer.status_code == 200
    trapped.set_content(answer.text)
    assert trapped.evaluate(PROVOKE, EVENTS) == HARMLESS


@pytest.mark.parametrize("part", range(6))
@pytest.mark.parametrize("way", list(Show))
def test_no_text_of_a_list_a_sketch_or_the_ages_runs(
    trapped: Page, monkeypatch: pytest.MonkeyPatch, part: int, way: Show
) -> None:
    fill = Filler(VECTORS[part::6])
    far = Point(119.2, 28.1)
    found = [fill(replace(BADGED, point=point)) for point in (BADGED.point, far, far, None)]
    facet = Facet(fill.all, fill.all, 3)
    monkeypatch.setattr(search_page, "list_summaries", lambda *_, **__: found)
    monkeypatch.setattr(search_page, "count_facets", lambda *_: dict.fromkeys(FACETS, [facet] * 20))
    monkeypatch.setattr(pages, "count_entries", lambda *_: 4)
    with heritage_client(None) as client:  # type: ignore[arg-type]
        answer = client.get("/heritage", params={"show": way, "q": VECTORS[part]})
    assert answer.status_code == 200
    trapped.set_content(answer.text)
    assert trapped.evaluate(PROVOKE, EVENTS) == HARMLESS


def test_no_address_runs_and_none_changes_what_the_page_is_made_of(
    trapped: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_page, "list_summaries", lambda *_, **__: [])
    monkeypatch.setattr(search_page, "count_facets", lambda *_: {k: [] for k in FACETS})
    monkeypatch.setattr(pages, "count_entries", lambda *_: 0)
    kinds = set()
    with heritage_client(None) as client:  # type: ignore[arg-type]
        for at, vector in enumerate(VECTORS):
            asked = dict.fromkeys(
                ("q", "kind", "place", "dynasty", "scheme", "after", "v", "lang"), vector
            )
            page = client.get("/heritage", params=asked).text
            kinds.add(tuple(re.findall(r"<(\w+)", page)))
            if at % 12 == 0:
                trapped.set_content(page)
                assert trapped.evaluate(PROVOKE, EVENTS) == HARMLESS
    assert len(kinds) <= 4


@pytest.mark.parametrize("wanted", list(Format))
def test_no_text_runs_where_a_browser_opens_an_answer_of_the_api(
    trapped: Page, wanted: Format
) -> None:
    fill = Filler([one for one in VECTORS if "\x00" not in one])
    entry = replace(fill(FULL), id="XSS-1", review_state=FULL.review_state)
    if wanted is Format.JSON:
        shown = EntryDetail.of(replace(entry, place=place_of(standard_name=fill.all)), fill.all)
        body, media_type = shown.model_dump_json().encode(), "application/json"
    else:
        plain = replace(entry, place=place_of(standard_name=fill.all, meaning=fill.all))
        answer = write_entries([plain], wanted, "https://dz.test/heritage/")
        body, media_type = bytes(answer.body), str(answer.media_type)
    assert b"ran=1" in body
    headers = STANDING_HEADERS | {"Content-Type": media_type}
    trapped.route("**/*", lambda route: route.fulfill(body=body, headers=headers))
    with suppress(PlaywrightError):  # what a browser does not show it saves as a file
        trapped.goto("https://dz.test/api/v1/heritage")
    assert trapped.evaluate("window.ran") == 0
