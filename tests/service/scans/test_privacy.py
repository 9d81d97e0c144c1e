import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.core.words import WORDS, Language
from service.plates.commands import issue_plates, open_batch
from service.scans.address_card import card_texts
from service.scans.queries.cards import find_card, find_public_card
from service.scans.site import Site
from tests.factories import make_draft, make_place
from tests.factories.addresses import make_elements
from tests.factories.areas import make_area, make_duty
from tests.factories.fixed_scans import ScanApp
from tests.factories.hosts import PREFIX

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHONE = re.compile(r"(?<![\d.,%/-])(?:\+86)?(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?![\d.])")
PUBLIC_NUMBERS = {"110", "119", "120", "12110", "12345", "96110"}
SHOWN, SHOWN_PHONE = "演示可见", "0571-00000001"
HIDDEN = {"演示隐藏": "0571-00000002", "演示离任": "13900000003", "演示未来": "13900000004"}
SITE = Site(sms_alarms=(("33", "12110"),), is_demo=True)


@pytest.fixture
def register(session: Session) -> tuple[str, str, str]:
    """A 楼牌 with its rooms, contacts that may and may not be shown; token, its code, a room's."""
    place = make_place(session)
    point = Point(120.164, 30.24)
    block = {"building": Numbered("3", "幢"), "unit": None}
    drafts = [make_draft(place, elements=make_elements("88", **block), point=point)]
    rooms = [
        make_elements("88", building=Numbered("3", "幢"), room=Numbered(number, "室"))
        for number in ("701", "702", "703")
    ]
    drafts += [make_draft(place, elements=room, point=point) for room in rooms]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    (token,) = issue_plates(session, batch, codes[:1], COMMAND_LINE, status="in_use")
    area = make_area(session)
    make_duty(session, area, display_name=SHOWN, phone=SHOWN_PHONE)
    names = iter(HIDDEN.items())
    for more in (
        {"publish": False},
        {"valid_to": date(2026, 11, 22)},
        {"valid_from": date(2026, 11, 25)},
    ):
        name, phone = next(names)
        make_duty(session, area, display_name=name, phone=phone, **more)
    return token, codes[0], codes[1]


@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    app = ScanApp(
        lambda token: find_card(session, token, now=NOON),
        lambda code: find_public_card(session, code, now=NOON),
        SITE,
        session,
    )
    with TestClient(app, follow_redirects=False) as made:
        yield made


def answers(client: TestClient, register: tuple[str, str, str]) -> dict[str, str]:
    token, code, room = register
    paths = ["/", "/privacy", "/robots.txt", "/0000000000", "/nonsense", "/?q=1", f"/{token}"]
    paths += [f"/a/{code}", f"/a/{room}", "/a/1", "/card/0000000000.pdf"]
    paths += ["/static/read-aloud.js", "/?q=河坊街88号"]
    found = {}
    for path in paths:
        for query in ("", "v=elder", "lang=en", "v=elder&lang=en"):
            url = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
            for accept in ("text/html", "application/json"):
                answer = client.get(url, headers={"accept": accept})
                assert answer.status_code in (200, 303, 400, 404)
                found[f"{accept} {url}"] = answer.text
    return found


def test_no_public_answer_holds_a_number_or_a_name_that_may_not_be_shown(
    client: TestClient, register: tuple[str, str, str]
) -> None:
    token, code, _ = register
    found = answers(client, register)
    assert len(found) == 104
    for where, text in found.items():
        plain = text.replace(code, "")
        shown = {re.sub(r"\D", "", number) for number in PHONE.findall(plain)}
        mine = {"057100000001", "8657100000001"}
        assert shown <= (mine if f"/{token}" in where else set()), where
        assert [name for name in HIDDEN if name in text] == [], where
        dialled = set(re.findall(r'href="tel:([^"]+)"', text))
        assert dialled <= PUBLIC_NUMBERS | {"057100000001", "+8657100000001"}, where
        assert (SHOWN in text) == (f"/{token}" in where), where


def test_a_building_plate_never_lists_its_rooms(
    client: TestClient, register: tuple[str, str, str]
) -> None:
    for where, text in answers(client, register).items():
        assert not re.search(r"70[123]\s*(</?small>)?室|Room 70|70[123] Shi", text), where


def test_the_address_card_on_paper_names_nobody(
    session: Session, register: tuple[str, str, str]
) -> None:
    card = find_card(session, register[0], now=NOON)
    assert card is not None
    for language in Language:
        texts = repr(card_texts(card, WORDS[language]))
        assert not PHONE.findall(texts.replace(card.code.digits, ""))
        assert "演示" not in texts


def test_pages_with_a_contact_are_kept_by_no_cache(
    client: TestClient, register: tuple[str, str, str]
) -> None:
    token, code, _ = register
    assert client.get(f"/{token}").headers["cache-control"] == "private, no-store"
    assert client.get(f"/a/{code}").headers["cache-control"].startswith("public")
    assert client.get("/0000000000").headers["cache-control"] == "private, no-store"
