"""Public fields about persons are refused by construction: by type, limit, label and word."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.datasets.fields import PUBLIC_TYPES, DatasetField, ValueType
from address_model.datasets.person_words import find_person_word, looks_like_name
from address_model.datasets.screening import (
    LARGEST,
    PUBLIC_DIGITS,
    find_field_faults,
    find_fields_fault,
)
from address_model.datasets.values import InvalidValue, read_value
from address_model.sensitivity import FieldClass
from tests.factories.datasets import BOX, BUILT, FACTS, FLOORS, KEY_BOX, PLACE, USE

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
PATTERNS = st.lists(
    st.tuples(st.sampled_from(["[0-9]", "[A-Z]", r"\d", "X", "7", "-"]), st.integers(1, 20)),
    min_size=1,
    max_size=5,
).map(lambda parts: "".join(f"{atom}{{{count}}}" for atom, count in parts))
PUBLIC_FIELDS = st.one_of(
    st.just(BUILT),
    st.builds(
        lambda least, most: replace(FLOORS, minimum=least, maximum=most),
        st.none() | st.integers(-(10**20), 10**20),
        st.none() | st.integers(-(10**20), 10**20),
    ),
    st.builds(
        lambda pattern: replace(
            BOX, field_class=FieldClass.PUBLIC, roles=(), pattern=pattern, label="编号"
        ),
        PATTERNS,
    ),
    st.builds(lambda words: replace(USE, words=tuple(words)), st.lists(HAN, max_size=4)),
    st.just(DatasetField("day", "检验日", ValueType.DATE, FieldClass.PUBLIC)),
)
PERSONAL = st.one_of(
    st.from_regex(re.compile(r"1[3-9][0-9]{9}", re.ASCII), fullmatch=True),
    st.from_regex(re.compile(r"0571-?[2-8][0-9]{7}", re.ASCII), fullmatch=True),
    st.from_regex(
        re.compile(
            r"33010[1-9]19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]", re.ASCII
        ),
        fullmatch=True,
    ),
    st.from_regex(re.compile(r"62[0-9]{14,17}", re.ASCII), fullmatch=True),
)


@given(PUBLIC_FIELDS, PERSONAL)
def test_no_public_field_takes_a_personal_number(field: DatasetField, number: str) -> None:
    """Whatever field passes the screening, no telephone, identity or bank card number fits it."""
    if find_field_faults(field):
        return
    with pytest.raises(InvalidValue):
        read_value(field, number)


@given(PUBLIC_FIELDS, HAN)
def test_a_public_field_takes_no_word_that_nobody_has_approved(
    field: DatasetField, word: str
) -> None:
    if find_field_faults(field) or word in field.words:
        return
    with pytest.raises(InvalidValue):
        read_value(field, word)


@given(PUBLIC_FIELDS, st.text(max_size=40))
def test_what_a_public_field_takes_has_few_digits(field: DatasetField, text: str) -> None:
    if find_field_faults(field):
        return
    try:
        value = read_value(field, text)
    except InvalidValue:
        return
    assert sum(sign.isdigit() for sign in str(value or "")) <= PUBLIC_DIGITS


def test_the_examples_may_be_registered() -> None:
    assert find_fields_fault(FACTS.fields) is None
    assert find_fields_fault(KEY_BOX.fields) is None


@pytest.mark.parametrize(
    "label",
    ["姓名", "户主", "业主电话", "联系人", "身份证号", "居住人口", "独居老人", "车牌", "出生年份"],
)
def test_a_public_label_about_persons_is_refused(label: str) -> None:
    faults = find_field_faults(replace(BUILT, label=label))
    assert [fault.part for fault in faults] == ["label"]
    assert find_field_faults(replace(PLACE, label=label)) == []


@pytest.mark.parametrize("name", ["owner_name", "phone", "id_card", "tenants", "birth_year"])
def test_a_public_name_about_persons_is_refused(name: str) -> None:
    assert [fault.part for fault in find_field_faults(replace(BUILT, name=name))] == ["name"]
    assert find_field_faults(replace(BUILT, name="renamed_in")) == []


@pytest.mark.parametrize(
    ("field", "part"),
    [
        (replace(PLACE, field_class=FieldClass.PUBLIC, roles=()), "value_type"),
        (replace(FLOORS, maximum=None), "minimum"),
        (replace(FLOORS, maximum=LARGEST + 1), "minimum"),
        (replace(FLOORS, minimum=9, maximum=2), "minimum"),
        (replace(USE, words=("住宅", "张三")), "words"),
        (replace(USE, words=("欧阳小明",)), "words"),
        (replace(USE, words=("87654321",)), "words"),
        (replace(USE, words=()), "words"),
        (replace(USE, words=("住宅", "住宅")), "words"),
        (replace(USE, words=("长" * 13,)), "words"),
        (replace(USE, unit="电话"), "unit"),
        (replace(BOX, field_class=FieldClass.PUBLIC, roles=(), pattern=r"\d{11}"), "pattern"),
        (replace(BOX, field_class=FieldClass.PUBLIC, roles=(), pattern="[A-Z]{8}"), "pattern"),
        (replace(BOX, pattern=".*"), "pattern"),
        (replace(BUILT, roles=("officer",)), "roles"),
        (replace(BUILT, name="Year"), "name"),
        (replace(BUILT, name="code"), "name"),
        (replace(BUILT, label=""), "label"),
        (replace(BUILT, label_en="y" * 41), "label_en"),
        (replace(PLACE, field_class=FieldClass.CONTACT), "field_class"),
    ],
)
def test_a_field_that_may_not_be_says_which_part(field: DatasetField, part: str) -> None:
    faults = find_field_faults(field)
    assert part in [fault.part for fault in faults]
    assert all(fault.zh.endswith("。") for fault in faults)


def test_a_dataset_has_few_fields_each_once() -> None:
    twice = find_fields_fault((BUILT, BUILT))
    assert twice is not None
    assert twice.part == "name"
    many = [replace(BUILT, name=f"f{n}", label=f"项{n}") for n in range(21)]
    assert find_fields_fault(many[:20]) is None
    assert find_fields_fault(many) is not None


def test_free_text_is_of_no_public_type() -> None:
    assert set(ValueType) - PUBLIC_TYPES == {ValueType.TEXT}


@pytest.mark.parametrize("word", ["高层", "多层", "金属", "住宅", "商业", "文化", "一类", "石材"])
def test_usual_words_of_buildings_are_no_names(word: str) -> None:
    assert not looks_like_name(word)
    assert find_person_word(word) == ""
