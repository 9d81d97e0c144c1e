"""Commands of areas and duties as `menpai areas` and `menpai duties` give them."""

from datetime import date, timedelta
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import Point
from service.areas.commands import duties as posts
from service.areas.commands import roster
from service.areas.commands.duties import DutyFilter
from service.areas.commands.handovers import hand_over
from service.areas.queries import PostFilter, RosterFilter, list_held_areas, list_roster
from service.areas.rows import ListedArea, ListedDuty, ListedHandover
from service.audit.commands import record_export
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.linking import commands as linking
from service.linking.commands import EditTerms, NewArea
from tests.factories.areas import box, make_listed
from tests.writer_steps.hand import Hand

GRIDS = tuple(f"示例网格 {number}" for number in range(1, 5))
"""The grids that are loaded again and again; the town was made with the first."""


def load_areas(hand: Hand) -> None:
    areas = [*_grids(hand), make_listed("示例社区 1", box(10, 20, 20, 30), kind="community")]
    hand.drawn.shuffle(areas)
    linking.load_and_link(hand.database, areas, ME, today=today())


def end_areas(hand: Hand) -> None:
    place = "330106000000"
    codes = hand.drawn.sample([f"示例片区 {number}" for number in range(1, 5)], 2)
    listed = [make_listed(one, _box(hand), kind="police_beat", division=place) for one in codes]
    linking.load_and_link(hand.database, listed, ME, today=today(), end_missing=True)


def draw_area(hand: Hand) -> None:
    new = NewArea(f"示例网格 {hand.number()}", kind="grid")
    with hand.database.session() as session:
        linking.draw_area(session, new, _box(hand), _terms())


def redraw_border(hand: Hand) -> None:
    with hand.database.session() as session:
        linking.redraw_border(session, _grid(hand), _box(hand), _terms())


def split_area(hand: Hand) -> None:
    east = 120 + hand.drawn.uniform(10, 20) / 100
    line = shapely.LineString([(east, 30.19), (east + 0.01, 30.31)])
    new = NewArea(f"示例网格 {hand.number()}")
    smaller = hand.drawn.random() < 0.5
    with hand.database.session() as session:
        area = _grid(hand)
        linking.split_area(session, area, line, new, _terms(), keeps_smaller=smaller)


def merge_areas(hand: Hand) -> None:
    with hand.database.session() as session:
        linking.merge_areas(session, _grid(hand), _grid(hand), _terms())


def end_area(hand: Hand) -> None:
    with hand.database.session() as session:
        linking.end_area(session, _grid(hand), _terms())


def link_register(hand: Hand) -> None:
    linking.link_register(hand.database, ME)


def assign_area(hand: Hand) -> None:
    with hand.database.session() as session:
        grid = hand.drawn.choice(GRIDS)
        linking.assign_area(session, hand.code(), grid, reason="跨界", actor=ME, today=today())


def unassign_area(hand: Hand) -> None:
    with hand.database.session() as session:
        linking.unassign_area(session, hand.code(), "grid", ME, today=today())


def export_areas(hand: Hand) -> None:
    with hand.database.session() as session:
        areas = list_held_areas(session, living_on=today())
        record_export(session, ME, "areas", Path("areas.geojson"), len(areas))


def load_duties(hand: Hand) -> None:
    listed = [
        ListedDuty(row, grid, "grid_worker", "演示甲", _phone(hand), date(2026, 1, 1), publish=True)
        for row, grid in enumerate(hand.drawn.sample(GRIDS, 3), start=1)
    ]
    with hand.database.session() as session:
        posts.load_duties(session, listed, ME)


def hand_over_duties(hand: Hand) -> None:
    begins = today() + timedelta(days=hand.drawn.randrange(60))
    name = f"演示{hand.number()}"
    listed = [
        ListedHandover(row, grid, "grid_worker", name, begins, phone=_phone(hand))
        for row, grid in enumerate(hand.drawn.sample(GRIDS, 2), start=1)
    ]
    with hand.database.session() as session:
        hand_over(session, listed, ME, today())


def hide_duties(hand: Hand) -> None:
    with hand.database.session() as session:
        posts.hide_duties(session, _some(hand), ME, reason="本人要求")


def show_duties(hand: Hand) -> None:
    with hand.database.session() as session:
        posts.show_duties(session, _some(hand), ME)


def confirm_duties(hand: Hand) -> None:
    with hand.database.session() as session:
        posts.confirm_duties(session, _some(hand), ME, today())


def look_up_duties(hand: Hand) -> None:
    with hand.database.session() as session:
        posts.look_up_duties(session, PostFilter(role="grid_worker"), ME, today())


def _terms() -> EditTerms:
    return EditTerms(ME, today(), reason="调整网格")


def _grid(hand: Hand) -> int:
    """Any grid that is in force, as another writer sees it."""
    with hand.database.reading() as session:
        grids = list_held_areas(session, kinds=["grid"], living_on=today())
    return hand.drawn.choice(grids).id if grids else 0


def change_holder(hand: Hand) -> None:
    begins = today() + timedelta(days=hand.drawn.randrange(1, 60))
    order = ListedHandover(1, "", "", f"演示{hand.number()}", begins, phone=_phone(hand))
    with hand.database.session() as session:
        roster.change_holder(session, _duty(hand), order, ME, today())


def appoint_stand_in(hand: Hand) -> None:
    first = today() + timedelta(days=hand.drawn.randrange(60))
    order = ListedDuty(
        1, "", "", f"演示{hand.number()}", _phone(hand), first, valid_to=first + timedelta(days=3)
    )
    with hand.database.session() as session:
        roster.appoint_stand_in(session, _duty(hand), order, ME)


def publish_duty(hand: Hand) -> None:
    with hand.database.session() as session:
        roster.publish_duty(session, _duty(hand), ME, publish=hand.drawn.random() < 0.7)


def limit_duty(hand: Hand) -> None:
    last = hand.drawn.choice((None, today() + timedelta(days=hand.drawn.randrange(300))))
    with hand.database.session() as session:
        roster.limit_duty(session, _duty(hand), last, ME)


def bind_account(hand: Hand) -> None:
    name = hand.drawn.choice(("", "officer"))
    with hand.database.session() as session:
        roster.bind_account(session, _duty(hand), name, ME)


def settle_own_contact(hand: Hand) -> None:
    number = _duty(hand)
    with hand.database.session() as session:
        roster.confirm_own_contact(session, number, hand.town.officer, today())
    with hand.database.session() as session:
        roster.hide_own_contact(session, number, hand.town.officer)


def look_up_roster(hand: Hand) -> None:
    with hand.database.session() as session:
        roster.look_up_roster(session, RosterFilter(), ME, today())


def _duty(hand: Hand) -> int:
    """A present duty of one of the grids that several writers share."""
    with hand.database.reading() as session:
        wanted = RosterFilter(text=hand.drawn.choice(GRIDS), role="grid_worker")
        found = list_roster(session, wanted, today())
    return hand.drawn.choice(found).id if found else 0


def _some(hand: Hand) -> DutyFilter:
    return DutyFilter(area=hand.drawn.choice(GRIDS), role="grid_worker")


def _phone(hand: Hand) -> str:
    return f"0571-0000{hand.drawn.randrange(10_000):04d}"


def _grids(hand: Hand) -> list[ListedArea]:
    """All grids: four quarters about a point near the street, which is another each time."""
    middle = Point(16.5 + hand.drawn.uniform(-0.2, 0.2), 24 + hand.drawn.uniform(-0.2, 0.2))
    quarters = (
        (10, 20, middle.lon, middle.lat),
        (middle.lon, 20, 20, middle.lat),
        (10, middle.lat, middle.lon, 30),
        (middle.lon, middle.lat, 20, 30),
    )
    return [
        make_listed(grid, box(*corners), row=row)
        for row, (grid, corners) in enumerate(zip(GRIDS, quarters, strict=True), start=1)
    ]


def _box(hand: Hand) -> BaseGeometry:
    west, south = hand.drawn.uniform(10, 16), hand.drawn.uniform(20, 23)
    return box(west, south, west + 4, south + 4)
