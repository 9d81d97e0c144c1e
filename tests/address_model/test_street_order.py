"""The order of the street: a list put in order by hand, and the rule over any street."""

import random
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from address_model.elements import Elements, Numbered, local_text
from address_model.street_order import street_order
from tests.factories.streets import addresses, door_text, golden_doors, numbers, read_door

DIVISION = "330102001000"


def key(elements: Elements) -> bytes:
    return street_order(DIVISION, elements)


def test_doors_lanes_and_rooms_come_in_the_order_of_the_golden_list() -> None:
    golden = list(golden_doors())
    doors = [read_door(text) for text in golden]
    shuffled = random.Random(12).sample(doors, len(doors))
    assert [door_text(door) for door in sorted(shuffled, key=key)] == golden
    assert len({key(door) for door in doors}) == len(golden) >= 60


def test_a_street_of_two_townships_is_two_streets() -> None:
    one, other = (Elements(thoroughfare="河坊街", number=Numbered(n, "号")) for n in ("1", "2"))
    keys = [street_order("330102002000", one), street_order("330102001000", other)]
    assert sorted(keys) == keys[::-1]
    assert street_order("330102001003", one) == street_order("330102001", one)


def test_quantifiers_that_mean_one_thing_do_not_part_a_house() -> None:
    rooms = [
        Elements(estate="翠苑", building=Numbered("3", kind), room=Numbered(room, "室"))
        for kind, room in (("幢", "101"), ("号楼", "102"), ("幢", "103"))
    ]
    assert [key(room) for room in rooms] == sorted({key(room) for room in rooms})


def as_any(value: object) -> Any:
    return value


@given(numbers, numbers, addresses())
def test_at_every_level_numbers_count(one: int, other: int, address: Elements) -> None:
    for level in ("group", "number", "building", "unit", "floor", "room"):
        few, many = (
            address._replace(**{level: as_any(Numbered(str(n), ""))}) for n in sorted((one, other))
        )
        assert (key(few) < key(many)) == (one != other)
        assert key(address._replace(**{level: as_any(None)})) < key(few)


@given(st.lists(addresses(), min_size=2, max_size=30))
def test_what_lies_in_a_lane_a_door_or_a_house_stays_together(street: list[Elements]) -> None:
    in_order = sorted(street, key=key)
    for depth in ("lanes", "number", "building", "unit"):
        blocks = [block_of(address, depth) for address in in_order]
        changes = sum(one != other for one, other in pairwise(blocks))
        assert changes == len(set(blocks)) - 1


def block_of(address: Elements, depth: str) -> tuple[object, ...]:
    """The address down to a level; of lanes the outermost."""
    order = ("number", "building", "unit")
    if depth == "lanes":
        return (address.street, address.lanes[:1] or address.number)
    kept = order[: order.index(depth) + 1]
    return (address.street, address.lanes, *(getattr(address, level) for level in kept))


@given(addresses(), addresses())
def test_only_one_address_has_a_key(one: Elements, other: Elements) -> None:
    assert (key(one) == key(other)) == (local_text(one) == local_text(other))
