import pytest

from address_model.elements import Elements, Numbered
from address_model.rendering import canonical_key, fold_village, standard_text
from address_model.serialising import elements_from_plain, elements_to_plain
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
        == "浙江省杭州市上城区清波街道河坊街30弄1支弄2组临47-1号12幢3单元地下2层201室"
    )


def test_a_city_that_repeats_its_province_is_named_once() -> None:
    assert standard_text(BASE._replace(province="上海市", city="上海市")).count("上海市") == 1


@pytest.mark.parametrize("quantifier", ["幢", "栋", "号楼", "座"])
def test_quantifier_variants_have_one_key(quantifier: str) -> None:
    one = BASE._replace(building=Numbered("3", "幢"))
    other = BASE._replace(building=Numbered("3", quantifier))
    assert canonical_key("330102", one) == canonical_key("330102", other)


@pytest.mark.parametrize(
    "other",
    [
        BASE._replace(number=Numbered("89", "号")),
        BASE._replace(number=Numbered("88", "号", suffix="1")),
        BASE._replace(number=Numbered("88", "号", prefix="临")),
        BASE._replace(thoroughfare="中山中路"),
        BASE._replace(room=Numbered("88", "室")),
        BASE._replace(lanes=(Numbered("3", "弄"),)),
    ],
)
def test_another_place_has_another_key(other: Elements) -> None:
    assert canonical_key("330102", other) != canonical_key("330102", BASE)


@pytest.mark.parametrize(("one", "other"), [("之1", "之一"), ("附一", "附1")])
def test_writings_of_a_suffix_have_one_key(one: str, other: str) -> None:
    numbers = [BASE._replace(number=Numbered("88", "号", suffix=suffix)) for suffix in (one, other)]
    assert len({canonical_key("330102", elements) for elements in numbers}) == 1


def test_suffixes_that_are_written_apart_are_different_plates() -> None:
    suffixes = ["", "1", "之一", "附1", "甲"]
    numbers = [BASE._replace(number=Numbered("88", "号", suffix=suffix)) for suffix in suffixes]
    assert len({canonical_key("330102", elements) for elements in numbers}) == len(suffixes)


def test_a_suffix_in_digits_is_closed_before_digits() -> None:
    elements = BASE._replace(number=Numbered("94", "号", suffix="附1"), unit=Numbered("2", "单元"))
    assert standard_text(elements).endswith("94号附1号2单元")


def test_another_county_has_another_key() -> None:
    assert canonical_key("330106", BASE) != canonical_key("330102", BASE)


def test_township_and_community_do_not_matter_along_a_street() -> None:
    other = BASE._replace(township="", community="清波门社区")
    assert canonical_key("330102", other) == canonical_key("330102", BASE)


def test_a_village_is_told_by_its_township_whether_administrative_or_natural() -> None:
    village = BASE._replace(thoroughfare="", community="诸葛村")
    natural = BASE._replace(thoroughfare="", natural_village="诸葛村")
    elsewhere = village._replace(township="北山街道")
    assert canonical_key("330102", village) == canonical_key("330102", natural)
    assert canonical_key("330102", village) != canonical_key("330102", elsewhere)


@pytest.mark.parametrize("name", ["河阳", "河阳村", "河阳村委会", "河阳村村民委员会"])
def test_the_suffix_of_a_village_is_folded(name: str) -> None:
    assert fold_village(name) == "河阳"


def test_elements_survive_the_way_through_json() -> None:
    assert elements_from_plain(elements_to_plain(FULL)) == FULL
    assert elements_from_plain(elements_to_plain(Elements())) == Elements()
