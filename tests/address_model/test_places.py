from typing import Any

import pytest

from address_model.elements import Elements, Numbered
from address_model.places import (
    Counting,
    PlaceKind,
    address_key,
    counting_of,
    is_generic,
    second_counting_of,
)
from tests.factories.addresses import BASE

GATE = Elements(thoroughfare="回浦路", number=Numbered("66", "号"))
ROOM: dict[str, Any] = {"building": Numbered("1", "幢"), "room": Numbered("101", "室")}


def local_of(elements: Elements) -> str:
    counting = counting_of(elements)
    assert counting is not None
    return counting.local


@pytest.mark.parametrize("quantifier", ["幢", "栋", "号楼", "座"])
def test_quantifier_variants_have_one_key(quantifier: str) -> None:
    one = BASE._replace(building=Numbered("3", "幢"))
    other = BASE._replace(building=Numbered("3", quantifier))
    assert local_of(one) == local_of(other)


@pytest.mark.parametrize(
    "other",
    [
        BASE._replace(number=Numbered("89", "号")),
        BASE._replace(number=Numbered("88", "号", suffix="1")),
        BASE._replace(number=Numbered("88", "号", prefix="临")),
        BASE._replace(room=Numbered("88", "室")),
        BASE._replace(lanes=(Numbered("3", "弄"),)),
    ],
)
def test_another_door_has_another_key(other: Elements) -> None:
    assert local_of(other) != local_of(BASE)


@pytest.mark.parametrize(("one", "other"), [("之1", "之一"), ("附一", "附1")])
def test_writings_of_a_suffix_have_one_key(one: str, other: str) -> None:
    numbers = [BASE._replace(number=Numbered("88", "号", suffix=suffix)) for suffix in (one, other)]
    assert len({local_of(elements) for elements in numbers}) == 1


def test_suffixes_that_are_written_apart_are_different_plates() -> None:
    suffixes = ["", "1", "之一", "附1", "甲"]
    numbers = [BASE._replace(number=Numbered("88", "号", suffix=suffix)) for suffix in suffixes]
    assert len({local_of(elements) for elements in numbers}) == len(suffixes)


def test_a_number_counts_along_the_road_and_says_so_with_its_key() -> None:
    assert counting_of(BASE) == Counting(PlaceKind.STREET, "河坊街", "", "n88号", "n88号")
    assert second_counting_of(BASE) is None
    assert address_key("330102", "7", "n88号") == "330102|7|n88号"


def test_rooms_of_an_estate_count_along_it_and_its_gate_is_a_second_key() -> None:
    inside = GATE._replace(estate="章安佳苑", **ROOM)
    bare = Elements(estate="章安佳苑", **ROOM)
    assert counting_of(inside) == counting_of(bare)
    assert counting_of(inside) == Counting(PlaceKind.ESTATE, "章安佳苑", "", "b1幢|r101室", "b1幢")
    assert second_counting_of(inside) == counting_of(GATE._replace(**ROOM))
    assert second_counting_of(bare) is None


def test_a_door_that_names_an_estate_counts_along_its_road() -> None:
    door = GATE._replace(estate="东方通信大厦")
    counting = counting_of(door)
    assert counting is not None
    assert (counting.kind, counting.name) == (PlaceKind.STREET, "回浦路")
    assert counting.local == "n66号|e东方通信大厦"
    assert second_counting_of(door) == Counting(PlaceKind.ESTATE, "东方通信大厦", "", "", "")


@pytest.mark.parametrize("name", ["综合楼", "商务大厦", "职工宿舍", "农贸市场", "1号楼", "东区"])
def test_a_name_that_every_town_has_is_part_of_the_door_and_no_place(name: str) -> None:
    assert is_generic(name) == (name != "1号楼")
    inside = GATE._replace(estate=name, **ROOM)
    if is_generic(name):
        assert local_of(inside) == f"n66号|e{name}|b1幢|r101室"
        assert second_counting_of(inside) is None


def test_a_natural_village_is_told_by_its_community_and_a_community_counts_itself() -> None:
    natural = Elements(community="横河村", natural_village="上张", number=Numbered("12", "号"))
    counting = counting_of(natural)
    assert counting is not None
    assert (counting.kind, counting.folded, counting.qualifier) == ("village", "上张", "横河")
    counting = counting_of(natural._replace(natural_village=""))
    assert counting is not None
    assert (counting.kind, counting.folded, counting.qualifier) == ("community", "横河", "")


def test_an_address_without_any_name_counts_along_nothing() -> None:
    assert counting_of(Elements(township="泗门镇", number=Numbered("1", "号"))) is None
