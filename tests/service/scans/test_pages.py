"""The pages of residents as they are written: words, weight and what they never hold."""

import gzip
import re
from html.parser import HTMLParser

import pytest

from service.scans import templates
from service.scans.card import CardState, CardStatus
from service.scans.site import Site
from service.scans.states import STATE_NOTICES
from tests.factories.cards import DEMO_SITE, card_of, render_card, street_card


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    assert parser.open == []
    return parser.found


PAGES = {
    "street": lambda: render_card(street_card(), DEMO_SITE),
    "room": lambda: render_card(card_of("ZJH-0087-B03-U2-501"), DEMO_SITE),
    "village": lambda: render_card(card_of("ZJH-0080-3-007"), DEMO_SITE),
    "bare": lambda: render_card(
        street_card(contacts=(), position=None, sketch=None, community="", pinyin="", romanised=""),
        Site(),
    ),
    "unknown": lambda: templates.render_unknown(DEMO_SITE),
    "home": lambda: templates.render_home(DEMO_SITE),
    "privacy": lambda: templates.render_privacy(DEMO_SITE),
    "error": lambda: templates.render_error(503, DEMO_SITE),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_no_foreign_resource_and_no_inline_style(name: str) -> None:
    for tag, attributes in tags(PAGES[name]()):
        assert tag not in ("script", "iframe", "object", "img")
        assert not any(key.startswith("on") or key == "style" for key in attributes)
        if tag == "link":
            assert (attributes["href"] or "").startswith("data:")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_under_fourteen_kilobytes_compressed(name: str) -> None:
    assert len(gzip.compress(PAGES[name]().encode(), 6)) <= 14_000


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_that_it_never_asks_for_money_or_codes(name: str) -> None:
    assert "不会要求付款、登录或输入验证码" in PAGES[name]()


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"bare"}))
def test_a_demo_page_is_marked_as_example_data(name: str) -> None:
    assert "示例数据" in PAGES[name]()


def test_a_sample_card_is_marked_even_on_a_real_site() -> None:
    assert "示例数据" in render_card(street_card(), Site())
    assert "示例数据" not in render_card(street_card(is_demo=False, sketch=None), Site())


def test_the_scan_page_shows_what_stands_before_the_door() -> None:
    page = render_card(street_card(), DEMO_SITE)
    text = re.sub(r"<[^>]+>", "", page)
    assert "河坊街" in text
    assert " ".join(street_card().groups) in text
    assert "示例社区 1" in text
    assert "在用" in text
    assert "网格员 演示乙" in text
    assert "11月20日核对" in text
    code = " ".join(street_card().groups)
    assert f"我在杭州市上城区清波街道河坊街88号，地址编码 {code}。" in text
    links = [attributes["href"] for tag, attributes in tags(page) if tag == "a"]
    assert links[:3] == ["tel:110", "tel:119", "tel:120"]
    assert "tel:057100000004" in links


@pytest.mark.parametrize("status", list(CardStatus))
def test_every_status_has_words(status: CardStatus) -> None:
    page = render_card(street_card(status=status), DEMO_SITE)
    assert STATE_NOTICES[CardState(status)].label in page


def test_without_contacts_the_page_names_the_public_hotline() -> None:
    assert "tel:12345" in render_card(street_card(contacts=()), DEMO_SITE)


def test_text_from_the_register_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    card = street_card(community=evil, pinyin=evil, romanised=evil, standard_text=evil)
    assert "<script" not in render_card(card, Site(operator=evil))


@pytest.mark.parametrize("status", [404, 418, 429, 500, 503])
def test_every_error_has_a_page_with_words_for_residents(status: int) -> None:
    page = templates.render_error(status, DEMO_SITE)
    assert "tel:110" in page
    assert re.search(r"<h1>[一-龥]{4,}</h1>", page)
