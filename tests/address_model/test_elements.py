import pytest

from address_model.elements import (
    Elements,
    Numbered,
    elements_from_plain,
    elements_to_plain,
    standard_text,
)
from address_model.places import fold_village
from tests.factories.addresses import BASE

FULL = BASE._replace(
    lanes=(Numbered("30", "弄"), Numbered("1", "支弄")),
    group=Numbered("2", "组"),
    number=Numbered("47", "号", "临", "1"),
    building=Numbered("12", "幢"),
    unit=Numbered("3", "单元"),
    floor=Numbered("-2", "层"),
    room=Numbered("201", "室"),
)


def test_a_standard_text_names_everything_from_province_to_room() -> None:
    assert (
        standard_text(FULL)
        == "浙江省杭州市上城区清波街道2组河坊街30弄1支弄临47-1号12幢3单元地下2层201室"
    )


@pytest.mark.parametrize(
    ("elements", "local"),
    [
        (
            Elements(devzone="南湖工业园", natural_village="东山村", parent_place="西郊路"),
            "南湖工业园东山村西郊路后河巷20号",
        ),
        (Elements(parent_place="西郊路", natural_village="东山村"), "东山村西郊路后河巷20号"),
    ],
)
def test_the_place_that_counts_stands_directly_before_its_number(
    elements: Elements, local: str
) -> None:
    counted = elements._replace(thoroughfare="后河巷", number=Numbered("20", "号"))
    assert standard_text(counted) == local
    estate = elements._replace(estate="翠苑", number=Numbered("5", "号"))
    assert standard_text(estate) == local.replace("后河巷20号", "翠苑5号")


def test_what_counts_stands_behind_its_parent_at_every_level() -> None:
    number, parent = Numbered("7", "号"), "西郊路"
    village = Elements(natural_village="东山村", parent_place=parent, number=number)
    zone = Elements(devzone="南湖工业园", parent_place=parent, number=number)
    assert standard_text(village) == "西郊路东山村7号"
    assert standard_text(zone) == "西郊路南湖工业园7号"


def test_elements_that_were_stored_before_a_level_existed_stay_readable() -> None:
    plain = elements_to_plain(FULL)
    assert "parent_place" not in plain
    assert elements_from_plain(plain).parent_place == ""


def test_a_city_that_repeats_its_province_is_named_once() -> None:
    assert standard_text(BASE._replace(province="上海市", city="上海市")).count("上海市") == 1


def test_a_suffix_in_digits_is_closed_before_digits() -> None:
    elements = BASE._replace(number=Numbered("94", "号", suffix="附1"), unit=Numbered("2", "单元"))
    assert standard_text(elements).endswith("94号附1号2单元")


@pytest.mark.parametrize("name", ["河阳", "河阳村", "河阳村委会", "河阳村村民委员会"])
def test_the_suffix_of_a_village_is_folded(name: str) -> None:
    assert fold_village(name) == "河阳"


def test_elements_survive_the_way_through_json() -> None:
    assert elements_from_plain(elements_to_plain(FULL)) == FULL
    assert elements_from_plain(elements_to_plain(Elements())) == Elements()
