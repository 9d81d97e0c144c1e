import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.words import Language
from service.scans.card import CardState, ScanCard
from service.scans.json_view import card_json
from service.scans.plate_page import card_headers
from service.scans.reader import View
from service.scans.site import Site
from service.scans.states import STATE_NOTICES
from tests.factories.cards import render_card, street_card
from tests.factories.pages import (
    CARDS,
    NAMES,
    NEW_ADDRESS,
    PARTS,
    READERS,
    SITE,
    card_named,
    contact,
    document,
)
from tests.factories.services import NEARBY, OFFERED

EVERY = [(name, reader) for name in NAMES for reader in READERS]


def shown(card: ScanCard, site: Site = SITE, **reader: object) -> str:
    return render_card(card, site, **reader)  # type: ignore[arg-type]


def words(page: str) -> str:
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)


FOR_OTHERS = ("/admin", "/docs")
"""Pages of staff and of programs have no view of residents."""


def links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page)]


@pytest.mark.parametrize(("name", "reader"), EVERY)
def test_every_page_is_light(name: str, reader: str) -> None:
    assert len(gzip.compress(document(name, READERS[reader]).encode(), 6)) <= 14_000


@pytest.mark.parametrize(("name", "reader"), EVERY)
def test_every_link_of_ours_keeps_view_and_language(name: str, reader: str) -> None:
    query = READERS[reader].query
    for link in links(document(name, READERS[reader])):
        if link in FOR_OTHERS:
            continue
        if link.startswith("/"):
            assert link.endswith(query), link
        else:
            assert link.startswith(("tel:", "sms:", "geo:", "https://", "?", "data:")), link


class _Unmarked(HTMLParser):
    """Collects the text that stands under no ``lang="zh…"``, drawings and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[bool] = [False]
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        language = dict(attrs).get("lang") or ""
        is_hidden = tag in ("style", "svg") or language.startswith("zh")
        if tag not in ("meta", "link", "input", "br"):
            self.marks.append(self.marks[-1] or is_hidden)

    def handle_endtag(self, tag: str) -> None:
        self.marks.pop()

    def handle_data(self, data: str) -> None:
        if not self.marks[-1]:
            self.texts.append(data)


@pytest.mark.parametrize("name", NAMES)
def test_an_english_page_has_chinese_only_where_it_is_marked(name: str) -> None:
    page = document(name, READERS["en"])
    assert '<html lang="en">' in page
    parser = _Unmarked()
    parser.feed(page)
    assert parser.marks == [False]
    assert re.findall(r"[一-龥]+", " ".join(parser.texts)) == []


@pytest.mark.parametrize("state", list(CardState))
def test_every_state_has_its_words_in_both_languages(state: CardState) -> None:
    telling = STATE_NOTICES[state]
    name = {"in_use": "street"}.get(state, state.replace("_", "-"))
    chinese, english = (words(document(name, READERS[reader])) for reader in ("zh", "en"))
    for text in filter(None, (telling.label, telling.title, telling.text)):
        assert text in chinese
        assert text not in english


def test_a_replaced_plate_leads_to_the_new_one_with_reason_and_date() -> None:
    page = document("replaced", READERS["zh"])
    assert "/7K3M9QX2TC" in links(page)
    assert "原因：旧牌破损·2026年5月1日" in words(page).replace(" ", "")
    assert "1 May 2026" in words(document("replaced", READERS["en"]))


def test_a_replaced_address_leads_to_its_successor_and_is_spoken_by_the_new_name() -> None:
    page = document("address-replaced", READERS["zh"])
    assert NEW_ADDRESS.path in links(page)
    line = re.sub(r"\s", "", words(page))
    assert "清河坊街12号，旧门牌是河坊街88号，地址编码3301023456783321。" in line


@pytest.mark.parametrize("reader", READERS)
def test_a_divided_address_tells_all_its_parts_and_none_as_if_it_were_sure(reader: str) -> None:
    page = document("address-divided", READERS[reader])
    main = words(page.split("<main", 1)[1])
    assert all(main.count(part.local_text) >= 2 for part in PARTS)
    assert all(part.path in page for part in PARTS)
    said = re.sub(r"\s", "", words(page[page.index('class="say"') :]))
    assert (
        "原河坊街88号，这里已分为河坊街88号之一、河坊街88号之二，不知是哪一个，旧地址编码" in said
    )
    assert "我在河坊街88号之一" not in re.sub(r"\s", "", main)
    twin = json.loads(card_json(card_named("address-divided")))
    assert (twin["state"], twin["successor"]) == ("address_divided", None)
    assert [one["local_text"] for one in twin["successors"]] == [p.local_text for p in PARTS]


def test_an_address_whose_one_successor_has_ended_is_as_good_as_retired() -> None:
    gone = replace(NEW_ADDRESS, has_ended=True)
    card = replace(card_named("address-replaced"), successors=(gone,))
    page = shown(card)
    assert card.state is CardState.ADDRESS_RETIRED
    assert "我在" not in words(page)
    assert f"已注销 {gone.local_text}" in re.sub(r"\s+", " ", words(page))


def test_one_part_of_two_that_lives_is_not_told_as_if_it_were_sure() -> None:
    parts = (PARTS[0], replace(PARTS[1], has_ended=True))
    card = replace(card_named("address-divided"), successors=parts)
    assert card.state is CardState.ADDRESS_DIVIDED
    assert "不知是哪一个" in words(shown(card))


def test_a_plate_with_another_text_tells_it_and_asks_for_no_comparison() -> None:
    page = words(document("other-text", READERS["zh"]))
    assert "门牌上写的是： 河坊街80号" in re.sub(r"\s+", " ", page)
    assert "请与墙上的门牌核对" not in page
    assert "请与墙上的门牌核对" in words(document("street", READERS["zh"]))


def test_a_void_plate_shows_no_code_no_contact_and_no_map() -> None:
    card = card_named("void")
    page = shown(card)
    assert " ".join(card.groups) not in page
    assert "演示" not in words(page).replace("仅供演示", "").replace("（演示）", "")
    assert "<svg class" not in page
    assert not card.must_be_fresh
    assert "tel:96110" in links(page)


def test_a_plate_that_may_have_been_moved_gives_no_line_to_read_aloud() -> None:
    assert "我在" not in document("lost", READERS["zh"])
    assert "sms:" not in document("lost", READERS["zh"])


def test_without_contacts_or_with_old_ones_the_hotline_is_offered() -> None:
    assert "tel:12345" in links(document("no-contacts", READERS["zh"]))
    assert "tel:12345" in links(document("old-contacts", READERS["zh"]))
    assert "tel:12345" not in links(document("street", READERS["zh"]))


def test_an_old_contact_says_when_it_was_confirmed() -> None:
    page = words(document("old-contacts", READERS["zh"]))
    assert "2026年1月5日核对，可能已变动" in page
    assert "还没有核对，可能打不通" in page


def test_the_text_alarm_is_offered_only_where_a_number_is_set() -> None:
    card = replace(street_card(), division="330102000000")
    body = f"我在杭州市上城区清波街道河坊街88号，地址编码 {' '.join(card.groups)}。"
    (link,) = [link for link in links(shown(card)) if link.startswith("sms:")]
    number, text = link.split("?&body=")
    assert number == "sms:12110"
    assert unquote(text) == f"{body}我需要帮助，现在不方便说话。"
    assert "sms:" not in shown(replace(card, division="331123000000"))
    assert "sms:" not in shown(replace(card, division=""))
    assert "sms:" not in shown(card, Site())


def test_the_longest_prefix_decides_about_the_number() -> None:
    site = Site(sms_alarms=(("33", "1"), ("3301", "2"), ("330102", "3")))
    numbers = [site.sms_alarm_in(code) for code in ("330102001", "330106", "331123", "31", "")]
    assert numbers == ["3", "2", "1", "", ""]


def test_a_page_with_what_may_be_withdrawn_is_kept_by_nobody() -> None:
    card = replace(street_card(), contacts=())
    assert not card.must_be_fresh
    for changes in ({"services": OFFERED}, {"nearby": NEARBY}):
        fresh = replace(card, **changes)
        assert card_headers(fresh)["Cache-Control"] == "private, no-store"


def test_a_plate_that_has_ended_has_nothing_nearby_and_a_void_one_no_services() -> None:
    assert "附近" in document("street", READERS["zh"])
    assert "附近" in document("street", READERS["elder"])
    assert "Nearby" in document("street", READERS["en"])
    assert "附近" not in document("address-retired", READERS["zh"])
    assert "办事服务" in document("address-retired", READERS["zh"])
    assert "办事服务" not in document("void", READERS["zh"])


def test_only_the_elder_view_has_a_script_and_it_is_ours() -> None:
    card = street_card()
    assert "<script" not in shown(card)
    (script,) = re.findall(r"<script[^>]*>", shown(card, view=View.ELDER))
    assert re.fullmatch(r'<script src="/static/read-aloud\.js\?[0-9a-f]+" defer>', script)
    assert "script-src 'self'" in card_headers(card, View.ELDER)["Content-Security-Policy"]
    assert "Content-Security-Policy" not in card_headers(card)


def test_english_phone_numbers_reach_home_from_abroad() -> None:
    page = shown(street_card(), language=Language.EN)
    assert "tel:+8657100000004" in links(page)
    assert "+86 571 0000 0004" in words(page)


def test_a_card_without_payload_offers_no_paper() -> None:
    assert "/card/" in shown(street_card())
    assert "/card/" not in shown(street_card(payload=""))
    assert "/card/" not in document("lost", READERS["zh"])


EVIL = st.text(alphabet="<>&\"'%s{}\x00号街a", max_size=20).map(lambda text: f"<xx>{text}")


@settings(deadline=None)
@given(EVIL, st.sampled_from(list(READERS)))
def test_whatever_the_register_holds_cannot_become_markup(text: str, reader: str) -> None:
    card = street_card(
        community=text, grid=text, pinyin=text, romanised=text, spelled=text, standard_text=text,
        reason=text, successors=(replace(NEW_ADDRESS, local_text=text, spoken=text),),
        contacts=(contact(display_name=text, organisation=text, hours=text, phone=text),),
    )  # fmt: skip
    chosen = READERS[reader]
    for name in ("in_use", "replaced"):
        page = render_card(
            replace(card, status=type(card.status)(name)), SITE, chosen.view, chosen.language
        )
        inside = page.split("<main", 1)[1]
        assert "<xx" not in inside
        assert text not in inside


@pytest.mark.parametrize("name", CARDS)
def test_a_page_depends_on_card_site_and_reader_alone(name: str) -> None:
    assert document(name, READERS["zh"]) == document(name, READERS["zh"])
