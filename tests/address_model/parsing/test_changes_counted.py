"""The benchmark that counts changes finds those that are planted, and no others."""

import pytest

from address_model.elements import Elements, Numbered
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Parse, parse
from benchmarks.conservation import DivisionForms, find_change

GAZETTEER = load_gazetteer()
FORMS = DivisionForms(GAZETTEER)
TEXT = "杭州市上城区彭岙茶园路45号2幢301室"


def with_plate(parsed: Parse, **changed: object) -> Parse:
    (plate,) = parsed.plates
    return parsed._replace(plates=(plate._replace(**changed),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "上城区永安路12号-3",
        "上城区永安路十二号二楼",
        "上城区望江苑5-2-301",
        "上城区永安路3、5、7号",
        "江干区永安路5号永安实业有限公司",
        "上城区永安路5号（永安饭店内）",
    ],
)
def test_what_is_on_the_closed_list_is_no_change(text: str) -> None:
    parsed = parse(text, GAZETTEER)
    assert parsed.plates
    assert find_change(text, parsed, FORMS) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"natural_village": "彭"},
        {"natural_village": ""},
        {"number": Numbered("4", "号")},
        {"number": None},
        {"building": None},
        {"building": Numbered("12", "幢")},
        {"building": Numbered("301", "幢"), "room": Numbered("2", "室")},
        {"room": Numbered("30", "室")},
    ],
)
def test_a_planted_change_is_found(changed: dict[str, object]) -> None:
    parsed = with_plate(parse(TEXT, GAZETTEER), **changed)
    assert find_change(TEXT, parsed, FORMS) != ""


def test_a_swap_is_found() -> None:
    parsed = parse("上城区东山村永安大道12号", GAZETTEER)
    (plate,) = parsed.plates
    swapped = Elements(county=plate.county, thoroughfare="永安大道东山村", number=plate.number)
    told = find_change(parsed.text, parsed._replace(plates=(swapped,)), FORMS)
    assert told != ""
