"""Doors get new numbers as one change: they may exchange them, and what lies in them follows."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from address_model.elements import Numbered, local_text
from service.addresses.cited_document import CitedDocument
from service.addresses.commands import (
    Renumbering,
    enter_addresses,
    freeze_address,
    renumber_addresses,
    split_address,
)
from service.addresses.queries import find_addresses, find_successors, get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import Conflict, Outdated
from tests.factories import Place, make_draft, make_place
from tests.factories.addresses import make_elements

ROOM = Numbered("101", "室")
NUMBERS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class Street:
    """Four doors with a room each: codes by number."""

    session: Session
    place: Place
    doors: dict[str, str]
    rooms: dict[str, str]

    def renumber(self, numbers: dict[str, str]) -> None:
        orders = [Renumbering(self.doors[old], Numbered(new, "号")) for old, new in numbers.items()]
        renumber_addresses(self.session, orders, ME, reason="重编")

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts of each door and its room, by the number the door had at first."""
        codes = [*self.doors.values(), *self.rooms.values()]
        rows = find_addresses(self.session, codes)
        return {
            number: (
                local_text(rows[self.doors[number]].elements),
                local_text(rows[self.rooms[number]].elements),
            )
            for number in NUMBERS
        }


@pytest.fixture
def street(session: Session) -> Street:
    place = make_place(session)
    doors = [make_draft(place, number) for number in NUMBERS]
    rooms = [make_draft(place, elements=make_elements(number, room=ROOM)) for number in NUMBERS]
    codes = [str(code) for code in enter_addresses(session, [*doors, *rooms], ME)]
    finish(session)
    first, second = codes[: len(NUMBERS)], codes[len(NUMBERS) :]
    return Street(
        session,
        place,
        dict(zip(NUMBERS, first, strict=True)),
        dict(zip(NUMBERS, second, strict=True)),
    )


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations((*NUMBERS, "5", "6")))
def test_any_exchange_of_numbers_is_done_and_its_reverse_restores_all(
    street: Street, order: list[str]
) -> None:
    numbers = {old: new for old, new in zip(NUMBERS, order, strict=False) if old != new}
    if not numbers:
        return
    before = street.texts()
    with street.session.begin_nested() as step:
        street.renumber(numbers)
        now = {old: numbers.get(old, old) for old in NUMBERS}
        assert street.texts() == {
            old: (f"河坊街{new}号", f"河坊街{new}号101室") for old, new in now.items()
        }
        for number in NUMBERS:
            room = get_address(street.session, street.rooms[number])
            assert room.parent_code == street.doors[number]
        street.renumber({old: old for old in numbers})
        assert street.texts() == before
        step.rollback()
    street.session.info.clear()


def test_a_number_that_a_door_outside_the_list_has_is_refused_with_its_row_named(
    street: Street,
) -> None:
    with pytest.raises(Conflict, match=r"河坊街1号.*河坊街3号") as refused:
        street.renumber({"1": "3", "2": "1"})
    assert street.doors["3"][-4:] in refused.value.detail


def test_two_doors_cannot_get_one_number(street: Street) -> None:
    with pytest.raises(Conflict, match="河坊街9号"):
        street.renumber({"1": "9", "2": "9"})


def test_what_is_frozen_or_named_twice_or_has_its_number_is_refused(street: Street) -> None:
    one = Renumbering(street.doors["1"], Numbered("9", "号"))
    with pytest.raises(Conflict, match="twice"):
        renumber_addresses(street.session, [one, one], ME, reason="重编")
    with pytest.raises(Conflict, match="already"):
        street.renumber({"1": "1"})
    room = Renumbering(street.rooms["2"], Numbered("102", "室"))
    with pytest.raises(Conflict, match="level"):
        renumber_addresses(street.session, [one, room], ME, reason="重编")
    with pytest.raises(Outdated):
        renumber_addresses(street.session, [one], ME, reason="重编", seen={street.doors["1"]: 99})
    freeze_address(street.session, street.doors["1"], ME, reason="争议")
    with pytest.raises(Conflict, match="冻结"):
        street.renumber({"1": "9"})


def test_a_room_is_renumbered_at_its_own_level(street: Street) -> None:
    order = Renumbering(street.rooms["1"], Numbered("201", "室"))
    cited = CitedDocument("街道办通知")
    renumber_addresses(street.session, [order], ME, reason="重编", document=cited)
    assert street.texts()["1"] == ("河坊街1号", "河坊街1号201室")


def test_rooms_go_with_the_part_that_is_named(street: Street) -> None:
    parts = [make_draft(street.place, "11"), make_draft(street.place, "13")]
    code = street.doors["1"]
    done = split_address(street.session, code, parts, ME, reason="分户", heir=1)
    assert street.texts()["1"] == ("河坊街1号", "河坊街13号101室")
    assert [row.code for row in done.before] == [code, street.rooms["1"]]
    room = get_address(street.session, street.rooms["1"])
    assert room.parent_code == str(done.codes[1])
    heirs = find_successors(street.session, [code])[code]
    assert {row.code for row in heirs} == set(map(str, done.codes))


def test_rooms_stay_as_they_are_where_no_part_takes_them(street: Street) -> None:
    parts = [make_draft(street.place, "11"), make_draft(street.place, "13")]
    split_address(street.session, street.doors["1"], parts, ME, reason="分户")
    assert street.texts()["1"] == ("河坊街1号", "河坊街1号101室")
    assert get_address(street.session, street.rooms["1"]).parent_code is None
