from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from service.addresses.commands import enter_addresses
from service.addresses.queries import list_doors_about
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.lanes import Lanes
from service.scans.hot import tiles as module
from service.scans.hot.queries import TILE
from service.scans.hot.tiles import Tiles
from service.scans.sketch import REACH_M, Door, door_at
from tests.database import TestDatabase, migrated_database
from tests.event_loop import run_apart
from tests.factories import Place, make_draft, make_place

CORNER = Point(80_110 * TILE, 20_160 * TILE)
STEPS = (-0.002, -0.0004, 0.0, 0.0003, 0.00071, 0.0013)


def enter(session: Session, place: Place, first: int, points: list[Point]) -> None:
    drafts = [
        make_draft(place, str(number), point=point) for number, point in enumerate(points, first)
    ]
    enter_addresses(session, drafts, COMMAND_LINE)


@pytest.fixture(scope="module")
def corner() -> Iterator[tuple[TestDatabase, Place]]:
    """Doors on both sides of a corner where four squares meet, one upon it, two at one point."""
    with migrated_database() as made:
        database = Database(made.app_url)
        points = [Point(CORNER.lon + x, CORNER.lat + y) for x in STEPS for y in STEPS]
        with database.session() as session:
            place = make_place(session)
            enter(session, place, 1, [*points, points[0], CORNER])
        database.dispose()
        yield made, place


def look(made: TestDatabase, *points: Point) -> list[list[Door]]:
    async def ask() -> list[list[Door]]:
        lanes = Lanes(made.app_url)
        tiles = Tiles(lanes)
        try:
            return [await tiles.doors_about(point) for point in points]
        finally:
            await lanes.close()

    return run_apart(ask())


def test_the_squares_hold_what_the_register_holds_none_twice(
    corner: tuple[TestDatabase, Place],
) -> None:
    made, _ = corner
    about = [CORNER, Point(CORNER.lon + 0.0007, CORNER.lat), Point(119.5, 30.1)]
    database = Database(made.app_url)
    with database.reading() as session:
        expected = [
            [
                door_at(door.point, door.elements)
                for door in list_doors_about(session, point, REACH_M)
                if door.point != point
            ]
            for point in about
        ]
    database.dispose()
    found = look(made, *about)
    for ours, theirs in zip(found, expected, strict=True):
        assert sorted(ours, key=repr) == sorted(theirs, key=repr)
    assert [len(doors) > 5 for doors in found] == [True, True, False]


def test_a_new_door_is_seen_when_a_change_was_told_and_not_before(
    corner: tuple[TestDatabase, Place],
) -> None:
    made, place = corner
    spot, new = Point(120.25, 30.3), Point(120.2501, 30.3)

    async def ask() -> list[int]:
        lanes, database = Lanes(made.app_url), Database(made.app_url)
        tiles = Tiles(lanes)
        counts = [len(await tiles.doors_about(spot))]
        with database.session() as session:
            enter(session, place, 501, [new])
        counts.append(len(await tiles.doors_about(spot)))
        tiles.forget()
        counts.append(len(await tiles.doors_about(spot)))
        database.dispose()
        await lanes.close()
        return counts

    assert run_apart(ask()) == [0, 0, 1]


def test_no_more_doors_are_kept_than_memory_allows(
    corner: tuple[TestDatabase, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_DOORS", 10)

    async def ask() -> tuple[int, int]:
        lanes = Lanes(corner[0].app_url)
        tiles = Tiles(lanes)
        seen = await tiles.doors_about(CORNER)
        await lanes.close()
        return len(seen), tiles.doors

    seen, held = run_apart(ask())
    assert held <= 10 < seen
