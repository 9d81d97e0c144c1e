"""The buildings and rooms of a corrected address follow it: texts, tree, feed, audit, plates."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered, local_text
from service.addresses.cited_document import CitedDocument
from service.addresses.commands import (
    correct_address,
    enter_addresses,
    freeze_address,
    retire_address,
)
from service.addresses.queries import AddressRow, find_names, get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import Conflict
from service.plates.commands import follow_addresses, issue_plates, open_batch
from service.plates.queries import get_plate
from service.worklists.queries import list_items_of
from tests.factories import Place, make_draft, make_place
from tests.factories.addresses import make_elements, placed
from tests.factories.hosts import PREFIX

HOUSE, ROOM = Numbered("1", "幢"), Numbered("101", "室")


@dataclass(frozen=True)
class House:
    """A door with one building and one room in it, by code."""

    session: Session
    place: Place
    door: str
    building: str
    room: str

    def row(self, code: str) -> AddressRow:
        return get_address(self.session, code)

    def correct(self, number: str, **changes: object) -> list[AddressRow]:
        draft = make_draft(self.place, "2", elements=make_elements(number, **changes))
        changed = correct_address(self.session, self.row(self.door), draft, ME)
        finish(self.session)
        return changed

    @property
    def texts(self) -> list[str]:
        codes = (self.door, self.building, self.room)
        return [local_text(self.row(code).elements) for code in codes]


@pytest.fixture
def house(session: Session) -> House:
    place = make_place(session)
    elements = [make_elements("2", **levels) for levels in ({}, {"building": HOUSE})]
    elements.append(make_elements("2", building=HOUSE, room=ROOM))
    drafts = [make_draft(place, elements=one) for one in elements]
    codes = [str(code) for code in enter_addresses(session, drafts, ME)]
    finish(session)
    return House(session, place, *codes)


def test_buildings_and_rooms_take_the_number_and_stay_in_the_tree(house: House) -> None:
    changed = house.correct("4")
    assert [row.code for row in changed] == [house.door, *sorted((house.building, house.room))]
    assert house.texts == ["河坊街4号", "河坊街4号1幢", "河坊街4号1幢101室"]
    assert house.row(house.building).parent_code == house.door
    assert house.row(house.room).parent_code == house.building


def test_the_old_text_of_a_room_still_leads_to_it(house: House) -> None:
    elements = make_elements("2", building=HOUSE, room=ROOM)
    old = placed(house.session, make_draft(house.place, elements=elements))
    house.correct("4")
    names = find_names(house.session, [old.key])[old.key]
    assert [(name.code, name.kind) for name in names] == [(house.room, "former")]


def test_each_is_announced_once_and_audited_with_the_document(house: House) -> None:
    cited = CitedDocument("上政发〔2026〕3号")
    draft = make_draft(house.place, "4")
    correct_address(house.session, house.row(house.door), draft, ME, reason="重编", document=cited)
    finish(house.session)
    told = house.session.execute(
        text("select key, count(*) from change where action = 'corrected' group by key")
    )
    assert dict(told.all()) == dict.fromkeys((house.door, house.building, house.room), 1)
    (detail,) = house.session.scalars(
        text("select detail from audit_entry where subject = :c and action like '%parent'"),
        {"c": house.room},
    )
    assert detail["parent"] == house.door
    assert (detail["reason"], detail["source"]) == ("重编", "上政发〔2026〕3号")
    assert (detail["before"][-10:], detail["after"][-10:]) == (
        "街2号1幢101室",
        "街4号1幢101室",
    ) or (detail["after"].endswith("河坊街4号1幢101室"))


def test_a_hung_plate_of_a_room_is_to_be_replaced(house: House) -> None:
    batch = open_batch(house.session, name="p", design="room", payload_prefix=PREFIX, actor=ME)
    (token,) = issue_plates(house.session, batch, [house.room], ME, status="in_use")
    follow_addresses(house.session, house.correct("4"), ME)
    assert get_plate(house.session, token).printed_text == "河坊街2号1幢101室"
    assert [item.kind for item in list_items_of(house.session, token)] == ["replace"]


def test_a_text_that_a_room_would_take_from_another_is_refused_with_both_named(
    house: House,
) -> None:
    elements = make_elements("4", building=HOUSE, room=ROOM)
    enter_addresses(house.session, [make_draft(house.place, elements=elements)], ME)
    with pytest.raises(Conflict, match=r"河坊街2号1幢101室.*河坊街4号1幢101室"):
        house.correct("4")


def test_a_frozen_room_holds_its_door(house: House) -> None:
    freeze_address(house.session, house.room, ME, reason="争议")
    with pytest.raises(Conflict, match="frozen"):
        house.correct("4")


def test_an_ended_room_keeps_its_text(house: House) -> None:
    retire_address(house.session, house.room, ME, reason="合户")
    house.correct("4")
    assert house.texts[2] == "河坊街2号1幢101室"


def test_another_street_and_township_are_followed_with_their_places(house: House) -> None:
    draft = make_draft(house.place, "2")
    moved = replace(draft, elements=draft.elements._replace(thoroughfare="中山路"))
    correct_address(house.session, house.row(house.door), moved, ME)
    finish(house.session)
    assert house.texts == ["中山路2号", "中山路2号1幢", "中山路2号1幢101室"]
    rows = [house.row(code) for code in (house.door, house.building, house.room)]
    assert len({row.place_id for row in rows}) == 1
    assert [row.parent_code for row in rows] == [None, house.door, house.building]


def test_a_correction_back_leaves_all_as_it_was(house: House) -> None:
    house.correct("4")
    house.correct("2")
    assert house.texts == ["河坊街2号", "河坊街2号1幢", "河坊街2号1幢101室"]
    assert house.row(house.room).parent_code == house.building
