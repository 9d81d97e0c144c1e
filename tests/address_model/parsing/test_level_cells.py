from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from address_model.elements import Numbered
from address_model.parsing.level_cells import (
    NUMBERED_LEVELS,
    UnclearNumber,
    read_lane_cell,
    read_level_cell,
)
from address_model.places import fold_numbered


@pytest.mark.parametrize(
    ("level", "cell", "number"),
    [
        ("number", "12", Numbered("12", "号")),
        ("number", "12.0", Numbered("12", "号")),
        ("number", " １２ 号 ", Numbered("12", "号")),
        ("number", "十二号", Numbered("12", "号")),
        ("number", "临47-1号", Numbered("47", "号", "临", "1")),
        ("number", "12号附1号", Numbered("12", "号", "", "附1")),
        ("number", "94附1号", Numbered("94", "号", "", "附1")),
        ("number", "94号附一", Numbered("94", "号", "", "附1")),
        ("number", "12号之1", Numbered("12", "号", "", "之一")),
        ("number", "4之一号", Numbered("4", "号", "", "之一")),
        ("number", "32号之十二", Numbered("32", "号", "", "之十二")),
        ("number", "12号-3", Numbered("12", "号", "", "3")),
        ("number", "12甲号", Numbered("12", "号", "", "甲")),
        ("number", "12-3甲", Numbered("12", "号", "", "3甲")),
        ("number", "12号甲", Numbered("12", "号", "", "甲")),
        ("number", "12-乙", Numbered("12", "号", "", "乙")),
        ("number", "12（丙）号", Numbered("12", "号", "", "丙")),
        ("number", "6А号", Numbered("6", "号", "", "A")),
        ("room", "18B04室", Numbered("18B04", "室")),
        ("room", "602-J", Numbered("602-J", "室")),
        ("number", "附3号", Numbered("3", "号", "附")),
        ("number", "12#", Numbered("12", "号")),
        ("building", "3", Numbered("3", "幢")),
        ("building", "三", Numbered("3", "幢")),
        ("building", "3栋", Numbered("3", "栋")),
        ("building", "3号楼", Numbered("3", "号楼")),
        ("building", "3#", Numbered("3", "号楼")),
        ("building", "3楼", Numbered("3", "号楼")),
        ("building", "A座", Numbered("A", "座")),
        ("building", "甲", Numbered("甲", "幢")),
        ("building", "综合楼", Numbered("综合", "楼")),
        ("unit", "2", Numbered("2", "单元")),
        ("unit", "东单元", Numbered("东", "单元")),
        ("unit", "二梯", Numbered("2", "梯")),
        ("floor", "3F", Numbered("3", "层")),
        ("floor", "-1", Numbered("-1", "层")),
        ("floor", "B2", Numbered("-2", "层")),
        ("floor", "地下二层", Numbered("-2", "层")),
        ("room", "201", Numbered("201", "室")),
        ("room", "二〇三", Numbered("203", "室")),
        ("room", "A201室", Numbered("A201", "室")),
        ("room", "201号", Numbered("201", "室")),
        ("group", "第五村民小组", Numbered("5", "组")),
    ],
)
def test_a_cell_is_read_with_the_quantifier_of_its_column(
    level: str, cell: str, number: Numbered
) -> None:
    assert read_level_cell(level, cell) == number


def test_all_writings_of_a_building_fold_to_one() -> None:
    cells = ["3", "3幢", "3栋", "３幢", "三幢", "3号楼", "3#楼", "3#", "第3幢", "3.0"]
    assert {fold_numbered(read_level_cell("building", cell)) for cell in cells} == {"3幢"}


@pytest.mark.parametrize(
    ("level", "cell", "said"),
    [
        ("number", "11-12号", "several"),
        ("number", "3、5、7号", "several"),
        ("number", "3号至7号", "several"),
        ("building", "1-10幢", "several"),
        ("number", "河坊街1号", "no number"),
        ("number", "1号楼", "no number"),
        ("number", "12-1号附3", "no number"),
        ("number", "2026-01-02", "date"),
        ("number", "1月2日", "date"),
        ("room", "", "no room"),
        ("floor", "顶", "no floor"),
        ("unit", "2单元201", "no unit"),
    ],
)
def test_what_is_not_one_number_is_refused_with_a_hint(level: str, cell: str, said: str) -> None:
    with pytest.raises(UnclearNumber, match=said) as caught:
        read_level_cell(level, cell)
    assert caught.value.hint


def test_lanes_are_a_chain_and_a_named_lane_is_sent_to_the_thoroughfare() -> None:
    assert read_lane_cell("12弄3支弄") == (Numbered("12", "弄"), Numbered("3", "支弄"))
    assert read_lane_cell("三") == (Numbered("3", "弄"),)
    with pytest.raises(UnclearNumber) as caught:
        read_lane_cell("大井巷")
    assert "thoroughfare" in caught.value.hint


@settings(deadline=None)
@given(st.sampled_from(NUMBERED_LEVELS), st.integers(1, 9999))
def test_a_bare_number_means_what_its_rendering_means(level: str, number: int) -> None:
    bare = read_level_cell(level, str(number))
    assert read_level_cell(level, str(bare)) == bare
    assert bare.number == str(number)


@settings(deadline=None)
@given(st.sampled_from(NUMBERED_LEVELS), st.text(max_size=30))
def test_any_text_is_read_or_refused(level: str, cell: str) -> None:
    with suppress(UnclearNumber):
        assert read_level_cell(level, cell).number
    with suppress(UnclearNumber):
        assert read_lane_cell(cell)
