"""Pairs of commands over borders of areas that share one."""

from datetime import date

from shapely import LineString

from address_model.coordinates import Point
from service.addresses.commands import move_address
from service.areas.commands.areas import load_areas
from service.areas.queries import list_area_keys
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.database import Session
from service.linking import commands as linking
from service.linking.commands import EditTerms, NewArea
from tests.factories.areas import box, make_listed
from tests.interleaving import Step
from tests.town import Town

BETWEEN = Point(120.165, 30.2595)
"""Ground that changes hands when the southern area grows."""


def a_border_moved_from_both_sides(town: Town) -> tuple[Step, Step]:
    south, north = _neighbours(town)
    return _grow(south), lambda s: linking.redraw_border(s, north, box(10, 25, 20, 30), _terms())


def a_border_moved_and_a_door_moved_across(town: Town) -> tuple[Step, Step]:
    south, _ = _neighbours(town)
    (code,) = town.enter()

    def move(session: Session) -> None:
        move_address(session, code, BETWEEN, ME)
        linking.link_addresses(session, [code], today=today())

    return _grow(south), move


def areas_merged_and_a_door_put_in_by_hand(town: Town) -> tuple[Step, Step]:
    south, north = _neighbours(town)
    (code,) = town.enter()

    def put(session: Session) -> None:
        (name,) = (
            key.code for keys in list_area_keys(session).values() for key in keys if key.id == north
        )
        linking.assign_area(session, code, name, reason="门朝北", actor=ME, today=today())

    return lambda s: linking.merge_areas(s, south, north, _terms()), put


def an_area_split_and_ended(town: Town) -> tuple[Step, Step]:
    south, _ = _neighbours(town)
    new, line = NewArea(town.name("网格")), LineString([(120.15, 30.1), (120.15, 30.4)])
    return (
        lambda s: linking.split_area(s, south, line, new, _terms()),
        lambda s: linking.end_area(s, south, _terms()),
    )


def _neighbours(town: Town) -> tuple[int, int]:
    """Two areas of a kind of their own, the southern first."""
    names, kind = (town.name("网格"), town.name("网格")), town.name("kind_")
    grounds = box(10, 20, 20, 25.9), box(10, 25.9, 20, 30)
    with town.database.session() as session:
        listed = [
            make_listed(name, ground, row, kind=kind)
            for row, (name, ground) in enumerate(zip(names, grounds, strict=True), start=1)
        ]
        done = load_areas(session, listed, ME, date(2026, 1, 1))
        linking.relink_edits(session, done.edits, ME, today=today())
        keys = list_area_keys(session)
    south, north = (keys[name][0].id for name in names)
    return south, north


def _grow(area: int) -> Step:
    return lambda s: linking.redraw_border(s, area, box(10, 20, 20, 26), _terms())


def _terms() -> EditTerms:
    return EditTerms(ME, today())
