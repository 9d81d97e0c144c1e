"""Scans of plates whose address has an entrance: shown there, in both readers alike."""

from collections.abc import Iterator

import orjson
import pytest

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.positions import Accuracy, Position, PositionKind
from service.addresses.commands import (
    PositionDraft,
    enter_addresses,
    set_position,
    withdraw_position,
)
from service.core.actor import COMMAND_LINE as ME
from service.core.async_pool import AsyncPool
from service.core.database import Database
from service.core.words import Language
from service.plates.commands import issue_plates, open_batch
from service.scans.card import ScanCard
from service.scans.json_view import card_json
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

OWN = Point(120.165, 30.24)
GATE = Point(120.1656, 30.2402)
HOME = Point(120.1649, 30.2401)
Scene = tuple[Database, list[str], list[str]]


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """A building with an entrance, a room in it with its own, a door nearby; codes and tokens."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            block = {"building": Numbered("3", "幢")}
            room = make_elements("88", **block, room=Numbered("701", "室"))
            drafts = [
                make_draft(place, elements=make_elements("88", **block), point=OWN),
                make_draft(place, elements=room, point=OWN),
                make_draft(place, "90", point=Point(120.1652, 30.2401)),
            ]
            codes = [code.digits for code in enter_addresses(session, drafts, ME)]
            gate = Position(PositionKind.ENTRANCE, GATE, Accuracy.HANDHELD)
            set_position(session, PositionDraft(codes[0], gate), ME)
            home = Position(PositionKind.ENTRANCE, HOME, Accuracy.SURVEYED, "单元门")
            set_position(session, PositionDraft(codes[1], home), ME)
            batch = open_batch(
                session, name="示例", design="medium", payload_prefix=PREFIX, actor=ME
            )
            tokens = issue_plates(session, batch, codes, ME, status="in_use")
        yield database, codes, tokens
        database.dispose()


def test_both_readers_show_the_entrance_and_the_same_sketch(scene: Scene) -> None:
    database, _, tokens = scene

    async def scan() -> list[ScanCard]:
        pool = AsyncPool(database.url)
        found = await fetch_plates(pool, tokens)
        await pool.close()
        return [build_card(found[token]) for token in tokens]

    hot = run_apart(scan())
    with database.reading() as session:
        cold = [find_card(session, token) for token in tokens]
    for one, other in zip(hot, cold, strict=True):
        assert other is not None
        assert (one.position, one.sketch) == (other.position, other.sketch)
    assert [card.point for card in cold if card] == [GATE, HOME, Point(120.1652, 30.2401)]
    sketch = cold[0].sketch if cold[0] else None
    assert sketch is not None
    assert "3幢附近" not in repr(sketch.caption)  # it is not its own neighbour
    assert [near.label for near in sketch.caption.near].count(sketch.caption.label) == 0


def test_the_page_says_entrance_and_its_maps_lead_there(scene: Scene) -> None:
    database, _, tokens = scene
    with database.reading() as session:
        card, plain = find_card(session, tokens[0]), find_card(session, tokens[2])
    assert card is not None
    assert plain is not None
    page = render_plate(card, Site(), Reader())
    assert "地图指到入口" in page
    assert f"geo:{GATE.lat:.6f},{GATE.lon:.6f}" in page
    assert f"{OWN.lat:.6f},{OWN.lon:.6f}" not in page
    english = render_plate(card, Site(), Reader(language=Language.EN))
    assert "Maps lead to the entrance" in english
    assert "指到" not in render_plate(plain, Site(), Reader())
    elder = render_plate(card, Site(), Reader(View.ELDER))
    assert "地图指到入口" in elder
    assert f"geo:{GATE.lat:.6f},{GATE.lon:.6f}" in elder
    assert "<svg" not in elder
    assert "geo:" not in render_plate(plain, Site(), Reader(View.ELDER))


def test_the_twin_says_what_its_point_is(scene: Scene) -> None:
    database, _, tokens = scene
    with database.reading() as session:
        card, plain = find_card(session, tokens[0]), find_card(session, tokens[2])
    assert card is not None
    assert plain is not None
    twin = orjson.loads(card_json(card))
    assert twin["point"]["coordinates"] == [GATE.lon, GATE.lat]
    assert twin["position"] == {
        "kind": "entrance",
        "name": "入口",
        "accuracy": "C",
        "within_m": 10.0,
    }
    assert orjson.loads(card_json(plain))["position"]["kind"] == "centre"


def test_the_positions_of_a_room_are_not_shown_at_its_door(scene: Scene) -> None:
    database, codes, tokens = scene
    with database.reading() as session:
        door, card = find_public_card(session, codes[1]), find_card(session, tokens[0])
    assert door is not None
    assert card is not None
    assert door.point == OWN
    for shown in (door, card):
        twin = card_json(shown).decode()
        assert str(HOME.lon) not in twin
        assert "单元门" not in twin
        assert "单元门" not in render_plate(shown, Site(), Reader())


def test_without_its_entrance_a_plate_is_shown_at_its_own_point_again(scene: Scene) -> None:
    database, codes, tokens = scene
    with database.reading() as session:
        withdraw_position(session, codes[0], PositionKind.ENTRANCE, ME, reason="封门")
        card = find_card(session, tokens[0])
    assert card is not None
    assert card.position == Position(PositionKind.CENTRE, OWN)
