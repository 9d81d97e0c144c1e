"""Scans of the plates of things: a lamp, a stop, a defibrillator."""

from collections.abc import Iterator

import pytest

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE as ME
from service.core.async_pool import AsyncPool
from service.core.database import Database
from service.core.words import Language
from service.plates.commands import issue_plates, open_batch
from service.plates.print_content import spec_of
from service.plates.queries import find_plate
from service.scans.card import ScanCard
from service.scans.plate_page import render_plate
from service.scans.queries.cards import build_card, find_card, find_public_card
from service.scans.queries.plates import fetch_plates
from service.scans.reader import Reader, View
from service.scans.site import Site
from tests.database import migrated_database
from tests.event_loop import run_apart
from tests.factories import make_draft, make_place
from tests.factories.addresses import make_elements
from tests.factories.hosts import PREFIX

LAMP = make_elements()._replace(number=None, thing=Numbered("12", "号路灯"))
AED = make_elements("88", thing=Numbered("", "AED"))
FLOOR = make_elements("88", floor=Numbered("3", "层"), thing=Numbered("", "AED"))
HOME = make_elements("88", room=Numbered("301", "室"), thing=Numbered("", "充电桩"))
Scene = tuple[Database, dict[Elements, str], dict[Elements, str]]


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """Things along a street with doors; their codes and tokens."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            things = [LAMP, AED, FLOOR, HOME]
            doors = [make_elements(str(n)) for n in (84, 86, 88, 90)]
            drafts = [
                make_draft(place, elements=one, point=Point(120.165 + at / 1e4, 30.24))
                for at, one in enumerate([*things, *doors])
            ]
            codes = [code.digits for code in enter_addresses(session, drafts, ME)]
            batch = open_batch(session, name="示例", design="auto", payload_prefix=PREFIX, actor=ME)
            tokens = issue_plates(session, batch, codes[:4], ME, status="in_use")
        named = dict(zip(things, codes[:4], strict=True))
        yield database, named, dict(zip(things, tokens, strict=True))
        database.dispose()


def test_the_page_of_a_thing_says_its_kind_and_number(scene: Scene) -> None:
    database, _, tokens = scene
    with database.reading() as session:
        lamp, aed = (find_card(session, tokens[one]) for one in (LAMP, AED))
    assert lamp is not None
    assert aed is not None
    page = render_plate(lamp, Site(), Reader())
    assert "<title>河坊街12号路灯" in page
    assert "我在杭州市上城区清波街道" in page
    assert "河坊街12号路灯" in page
    assert "位置示意图：12号路灯" in page
    elder = render_plate(aed, Site(), Reader(View.ELDER))
    assert "河坊街88号AED" in elder
    english = render_plate(lamp, Site(), Reader(language=Language.EN))
    assert "Street lamp No. 12, Hefang Jie" in english


def test_both_readers_show_a_thing_alike(scene: Scene) -> None:
    database, _, tokens = scene

    async def scan() -> list[ScanCard]:
        pool = AsyncPool(database.url)
        found = await fetch_plates(pool, list(tokens.values()))
        await pool.close()
        return [build_card(found[token]) for token in tokens.values()]

    hot = run_apart(scan())
    with database.reading() as session:
        cold = [find_card(session, token) for token in tokens.values()]
    for one, other in zip(hot, cold, strict=True):
        assert other is not None
        assert (one.elements, one.sketch, one.state) == (other.elements, other.sketch, other.state)
        assert one.romanised == other.romanised


def test_a_thing_is_public_unless_it_is_in_a_home(scene: Scene) -> None:
    database, codes, _ = scene
    with database.reading() as session:
        cards = {one: find_public_card(session, code) for one, code in codes.items()}
    shown = {one: card.local_text for one, card in cards.items() if card}
    assert shown == {
        LAMP: "河坊街12号路灯",
        AED: "河坊街88号AED",
        FLOOR: "河坊街88号3层AED",
        HOME: "河坊街88号",
    }


def test_a_thing_hangs_out_the_plate_of_its_kind(scene: Scene) -> None:
    database, _, tokens = scene
    with database.reading() as session:
        plates = [find_plate(session, token) for token in tokens.values()]
    orders = [spec_of(plate, authority="") for plate in plates if plate]
    assert [order.design.name for order in orders] == ["lamp", "aed", "aed", "small"]
    assert [order.content.full_number for order in orders] == ["12号", "", "", "充电桩"]
