"""A text of a form that was met before is read as it would be read anew."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse, parse_anew, templates
from address_model.parsing.templates import form_of, template_of, templates_of
from benchmarks.accuracy.real_data import find_data, read_addresses
from tests.address_model.parsing.test_division_heads import TEXTS

GAZETTEER = load_gazetteer()
FRONTS = (
    "", "浙江省杭州市上城区清波街道", "杭州市余杭区", "宁波市鄞县", "上城区清波街道清河坊社区",
)  # fmt: skip
NAMES = (
    "澜沐路", "澜沐路", "25号路", "104国道", "三号路", "昕曜小区", "阳光100小区", "霁渊村",
    "翊樾自然村", "昕渊大厦", "科创工业园", "服装市场", "二期", "南区", "西郊路后河巷", "六巷",
)  # fmt: skip
COUNTED = (
    "{}号", "{}号", "{}弄", "{}幢", "{}栋", "{}号楼", "{}单元", "{}层", "{}楼", "{}室", "{}",
    "{}组", "地下{}层", "临{}号", "{}甲号", "{}号附{}号", "{}号之{}", "{}-{}号", "{}-{}-{}",
    "{}、{}号", "{}至{}号", "{}号店面", "商铺{}号", "第{}间", "车库{}号", "{}号路灯", "{}号对面",
    "A{}室", "{}A室", "({}室)", "{}米", "{}号门",
)  # fmt: skip
COUNTS = st.integers(0, 99_999).map(str) | st.sampled_from(["1", "2", "3", "12", "007", "108"])


def counted(pattern: str) -> st.SearchStrategy[str]:
    return st.lists(COUNTS, min_size=3, max_size=3).map(lambda counts: pattern.format(*counts))


PIECES = st.sampled_from(NAMES) | st.sampled_from(COUNTED).flatmap(counted)
ADDRESSES = st.builds(
    lambda front, pieces: front + "".join(pieces),
    st.sampled_from(FRONTS),
    st.lists(PIECES, min_size=1, max_size=6),
)


def with_other_digits(text: str, chance: random.Random) -> str:
    return re.sub("[0-9]", lambda _: chance.choice("0123456789"), text)


@settings(max_examples=1500, deadline=None)
@given(ADDRESSES, st.randoms(use_true_random=False))
def test_other_numbers_in_a_text_are_read_as_they_would_be_anew(
    text: str, chance: random.Random
) -> None:
    for other in (text, *(with_other_digits(text, chance) for _ in range(3))):
        assert parse(other, GAZETTEER) == parse_anew(other, GAZETTEER)


def test_real_texts_and_their_like_are_read_as_they_would_be_anew() -> None:
    path = find_data("addresses/zj_enterprise_addresses_1980_2004.csv.gz")
    chance = random.Random(14)
    texts = TEXTS if path is None else chance.sample(sorted(set(read_addresses(path))), 3000)
    wrong = [
        text
        for real in texts
        for text in (real, with_other_digits(real, chance), with_other_digits(real, chance))
        if parse(text, GAZETTEER) != parse_anew(text, GAZETTEER)
    ]
    assert wrong == []


def test_a_door_and_a_room_have_templates() -> None:
    templates_of.cache_clear()
    for text, other in (
        ("杭州市上城区清波街道澜沐路12号", "杭州市上城区清波街道澜沐路57号"),
        ("杭州市上城区昕曜小区1幢1单元101室", "杭州市上城区昕曜小区3幢2单元502室"),
    ):
        for _ in range(2):
            assert templates_of(GAZETTEER).find(form_of(other), other) is None
            parse(text, GAZETTEER)
        found = templates_of(GAZETTEER).find(form_of(other), other)
        assert found == parse_anew(other, GAZETTEER)


@pytest.mark.parametrize(
    "text",
    [
        "杭州市上城区澜沐路12-15号",
        "杭州市上城区澜沐路12号至15号",
        "杭州市上城区澜沐路12号附3号",
        "杭州市上城区澜沐路12、15号",
        "杭州市上城区澜沐路310000",
        "杭州市上城区澜沐路A12号",
        "杭州市上城区澜沐路１２号",
    ],
)
def test_texts_whose_numbers_are_compared_have_no_form(text: str) -> None:
    assert form_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "杭州市上城区25号路12号",
        "杭州市上城区澜沐路十二号",
        "杭州市上城区澜沐路12号旁",
        "杭州市上城区澜沐路",
        "澜沐路3号5号",
    ],
)
def test_doubtful_and_unusual_readings_are_no_templates(text: str) -> None:
    assert template_of(parse_anew(text, GAZETTEER)) is None


def test_too_many_templates_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MOST_TEMPLATES", 2)
    templates_of.cache_clear()
    monkeypatch.setattr(templates, "MOST_MET", 2)
    names = ("澜沐", "澜沐", "昕曜", "昕曜", "霁渊", "霁渊")
    texts = [f"杭州市上城区{name}路{n}号" for n in range(1, 5) for name in names]
    assert [parse(text, GAZETTEER) for text in texts] == [
        parse_anew(text, GAZETTEER) for text in texts
    ]
