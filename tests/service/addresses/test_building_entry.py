"""A building is entered in one go: with all it lies in, once, and as the register has it."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from address_model.room_grid import GridText, expand_grid
from service.addresses.cited_document import CitedDocument
from service.addresses.commands import (
    enter_addresses,
    enter_building,
    freeze_address,
)
from service.addresses.drafts import draft_of
from service.addresses.queries import AddressRow, get_address, list_children, list_descendants
from service.core.actor import COMMAND_LINE as ME
from service.core.errors import Conflict, Outdated
from tests.factories import make_draft, make_place
from tests.factories.addresses import make_elements

WHOLE = GridText(buildings="1-3", floors="1-18", rooms="01-04")


def enter_door(session: Session, estate: str = "") -> AddressRow:
    draft = make_draft(make_place(session), elements=make_elements(estate=estate))
    (code,) = enter_addresses(session, [draft], ME)
    return get_address(session, code.digits)


def build(session: Session, door: AddressRow, **typed: str) -> list[AddressRow]:
    return enter_building(session, door.code, expand_grid(GridText(**typed)), ME)  # type: ignore[arg-type]


def test_three_towers_have_their_rooms_in_their_buildings_with_codes_and_points(
    session: Session,
) -> None:
    door = enter_door(session)
    document = CitedDocument("建规〔2026〕9号")
    made = enter_building(
        session, door.code, expand_grid(WHOLE), ME, reason="新建", document=document
    )
    assert len(made) == 3 + 3 * 18 * 4
    towers = list_children(session, door.code)
    assert sorted(str(row.elements.building) for row in towers) == ["1幢", "2幢", "3幢"]
    assert {row.level for row in towers} == {"building"}
    rooms = list_children(session, towers[0].code)
    assert len(rooms) == 72
    assert {(row.level, row.point, row.status) for row in rooms} == {("room", door.point, "active")}
    assert {row.point_note for row in rooms} == {"沿用河坊街88号的位置"}
    assert {row.source for row in rooms} == {"建规〔2026〕9号"}
    assert made[1].standard_text == door.standard_text + "1幢101室"


def test_units_and_floors_below_ground_are_parents_too(session: Session) -> None:
    door = enter_door(session)
    build(session, door, buildings="1", units="东、西 单元", floors="地下1 1", rooms="01")
    found = list_descendants(session, [door.code], most=1000)
    below = {row.standard_text.removeprefix(door.standard_text): row for _, row in found}
    rests = ("", "101室", "地下1层", "地下1层101室")
    assert set(below) == {"1幢", *(f"1幢{unit}单元{rest}" for unit in "东西" for rest in rests)}
    assert below["1幢东单元地下1层101室"].parent_code == below["1幢东单元地下1层"].code
    assert below["1幢东单元101室"].parent_code == below["1幢东单元"].code


def test_what_is_registered_stays_and_the_rest_is_added(session: Session) -> None:
    door = enter_door(session)
    tower, room = Numbered("1", "栋"), Numbered("101", "室")
    held = replace(draft_of(door), elements=door.elements._replace(building=tower, room=room))
    (code,) = enter_addresses(session, [held], ME)
    made = build(session, door, buildings="1", floors="1", rooms="01-02")
    assert [row.standard_text.removeprefix(door.standard_text) for row in made] == [
        "1幢",
        "1幢102室",
    ]
    assert get_address(session, code.digits).parent_code == made[0].code
    with pytest.raises(Conflict, match="registered already"):
        build(session, door, buildings="1", floors="1", rooms="01-02")


def test_rooms_of_an_estate_behind_a_gate_lie_in_it(session: Session) -> None:
    door = enter_door(session, estate="章安佳苑")
    made = build(session, door, buildings="1", rooms="101")
    assert [row.level for row in made] == ["building", "room"]
    assert [row.parent_code for row in made] == [door.code, made[0].code]


def test_a_building_takes_units_and_rooms(session: Session) -> None:
    door = enter_door(session)
    (tower,) = build(session, door, buildings="1")
    made = build(session, tower, units="1-2", floors="1-2", rooms="01")
    assert [row.standard_text.removeprefix(tower.standard_text) for row in made] == [
        *("1单元", "1单元101室", "1单元201室", "2单元", "2单元101室", "2单元201室")
    ]


def test_a_frozen_or_changed_door_and_a_room_are_refused(session: Session) -> None:
    door = enter_door(session)
    room = build(session, door, rooms="101")[0]
    with pytest.raises(Conflict, match="no door"):
        build(session, room, rooms="102")
    with pytest.raises(Outdated):
        enter_building(session, door.code, expand_grid(WHOLE), ME, seen=door.version + 7)
    freeze_address(session, door.code, ME, reason="争议")
    with pytest.raises(Conflict, match="cannot be changed"):
        build(session, door, rooms="102")
