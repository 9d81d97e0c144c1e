from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from address_model.elements import Elements, Numbered
from service.addresses.commands import enter_addresses
from service.addresses.queries import AddressRow
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.matching.queries.doors import (
    DoorMatch,
    lanes_of,
    like_of,
    list_doors,
    list_neighbours,
)
from service.matching.queries.search_plan import _orders_by_letter
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place

STREET = "河坊街"
Enter = Callable[..., None]


def lane(number: str) -> tuple[Numbered, ...]:
    return (Numbered(number, "弄"),)


def room(number: str, **more: Numbered) -> dict[str, Any]:
    return {"room": Numbered(number, "室"), **more}


@pytest.fixture
def enter(session: Session) -> Enter:
    """Enter doors by what they say below the street."""

    def enter(*doors: Elements) -> None:
        place = make_place(session)
        drafts = [make_draft(place, elements=elements) for elements in doors]
        enter_addresses(session, drafts, COMMAND_LINE)
        finish(session)

    return enter


def texts(rows: Iterable[AddressRow]) -> list[str]:
    return sorted(row.standard_text.removeprefix("浙江省杭州市上城区清波街道") for row in rows)


def door_of(elements: Elements, order: int, rooms: str = "") -> DoorMatch:
    return DoorMatch("330102", STREET, order, rooms, lanes_of(elements), *like_of(elements))


def test_of_many_lanes_only_that_of_the_text_is_read(session: Session, enter: Enter) -> None:
    doors = [make_elements("5", lanes=lane(str(n))) for n in range(10, 60)]
    enter(make_elements("5"), *doors)
    assert texts(list_doors(session, [door_of(doors[3], 5)])) == ["河坊街13弄5号"]
    assert texts(list_doors(session, [door_of(make_elements("5"), 5)])) == ["河坊街5号"]


def test_what_is_like_the_text_in_all_is_read_alone(session: Session, enter: Enter) -> None:
    floors = [make_elements("5", floor=Numbered(str(n), "层")) for n in range(2, 9)]
    enter(make_elements("5"), *floors)
    assert texts(list_doors(session, [door_of(floors[1], 5)])) == ["河坊街5号3层"]


def test_a_plate_with_a_suffix_is_another_number(session: Session, enter: Enter) -> None:
    doors = [make_elements("5")._replace(number=Numbered("5", "号", "", s)) for s in "甲乙丙"]
    enter(make_elements("5"), *doors)
    assert texts(list_doors(session, [door_of(doors[1], 5)])) == ["河坊街5乙号"]


def test_where_nothing_is_like_the_text_in_all_the_likeliest_are_read(
    session: Session, enter: Enter
) -> None:
    """A text without the unit means the room in it, though the plate itself is there too."""
    enter(make_elements("5"), make_elements("5", **room("301", unit=Numbered("1", "单元"))))
    wanted = make_elements("5", **room("301"))
    found = texts(list_doors(session, [door_of(wanted, 5, "301 5")]))
    assert found == ["河坊街5号", "河坊街5号1单元301室"]


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"building": Numbered("3", "号楼")}, "河坊街5号3幢"),
        ({"building": Numbered("3", "座")}, "河坊街5号3幢"),
        (room("301"), "河坊街5号301室"),
        ({"room": Numbered("301", "房")}, "河坊街5号301室"),
    ],
)
def test_an_address_is_found_by_its_letters_however_its_quantifiers_are_written(
    session: Session, enter: Enter, held: Any, said: str
) -> None:
    enter(make_elements("5", **held), make_elements("5"))
    rows = list_doors(session, [DoorMatch("330102", STREET, 5, "301", spelt=said, digits="5")])
    assert [row.elements for row in rows] == [make_elements("5", **held)]


def test_a_number_with_a_dash_is_found_by_its_letters(session: Session, enter: Enter) -> None:
    held = make_elements("5", **room("16-23"))
    enter(held)
    door = DoorMatch("330102", STREET, 5, "16-23", spelt="河坊街5号1623室")
    assert [row.elements for row in list_doors(session, [door])] == [held]


@pytest.mark.parametrize(
    ("said", "name", "orders"),
    [
        ("河坊街88号3幢201室", "河坊街", [88, None]),
        ("河坊街12弄5号2层", "河坊街", [12, 5, None]),
        ("1号路88号3室", "1号路", [88, None]),
        ("文三路88号翠苑新村3幢2单元", "翠苑新村", [88, 3, None]),
        ("示例大厦", "示例大厦", [None]),
        ("河坊街12甲号", "河坊街", [12, None]),
    ],
)
def test_no_number_behind_the_plates_own_is_looked_for(
    said: str, name: str, orders: list[int | None]
) -> None:
    assert _orders_by_letter(said, name) == orders


def test_the_nearest_numbers_are_six_of_each_door(session: Session, enter: Enter) -> None:
    enter(*[make_elements(str(n)) for n in range(1, 30)])
    doors = [door_of(make_elements("10"), 10), door_of(make_elements("20"), 20)]
    found = [
        str(row.elements.number and row.elements.number.number)
        for row in list_neighbours(session, doors)
    ]
    assert sorted(map(int, found)) == [8, 9, 10, 11, 12, 13, 18, 19, 20, 21, 22, 23]
