import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.spellings import fold_spelling, spelling_pattern

SAME = [
    ("烏鎮", "乌镇"),
    ("龍門鎮", "龙门镇"),
    ("後宅街道", "后宅街道"),
    ("於潛", "于潜"),
    ("於潛", "於潜"),
    ("乾元鎭", "干元镇"),
    ("ＷＵ ｚhen", "WUzhen"),
    ("示例网格 1", "示例网格1"),
    ("示例　網格１", "示例网格 1"),
    ("灵峰·小区", "灵峰．小区"),
    ("１２號大街", "12号大街"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_a_name_find_each_other(one: str, other: str) -> None:
    assert fold_spelling(one) == fold_spelling(other)
    for asked, stored in ((one, other), (other, one)):
        assert re.fullmatch(spelling_pattern(asked), stored)


@pytest.mark.parametrize(
    ("one", "other"), [("文二路", "文三路"), ("乌镇", "乌墩"), ("清波", "青波")]
)
def test_other_names_stay_other_names(one: str, other: str) -> None:
    assert not re.search(spelling_pattern(one), other)


def test_a_text_of_blanks_fits_everything() -> None:
    assert spelling_pattern(" \u3000") == ""


@given(st.text(max_size=12))
def test_a_text_fits_its_own_pattern_and_folding_is_done_once(text: str) -> None:
    folded = fold_spelling(text)
    assert fold_spelling(folded) == folded
    assert re.fullmatch(spelling_pattern(text), folded)


@given(st.text(alphabet="[]^-\\.*+?(){}|$路", max_size=12))
def test_signs_of_a_pattern_are_themselves(text: str) -> None:
    assert re.fullmatch(spelling_pattern(text), text)
