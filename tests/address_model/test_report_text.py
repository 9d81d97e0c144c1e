import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.codes import make_code
from address_model.report_text import PersonalKind, find_personal_parts, tidy_text

with Path(__file__).with_name("report_texts.csv").open(encoding="utf-8") as file:
    CASES = [(row["text"], row["kind"]) for row in csv.DictReader(file)]
DIGITS = st.text("0123456789", min_size=9, max_size=9)
GAPS = st.sampled_from(["", " ", "-", "·", "－", "　", ".", "，"])
FORMS = st.sampled_from(
    ["0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"]
)


def test_there_are_200_patterns_of_both_sorts() -> None:
    assert len(CASES) >= 200
    assert len({text for text, _ in CASES}) == len(CASES)
    assert min(sum(bool(kind) for _, kind in CASES), sum(not kind for _, kind in CASES)) >= 80
    assert {kind for _, kind in CASES if kind} == set(PersonalKind)


@pytest.mark.parametrize(("text", "kind"), CASES)
def test_what_says_who_somebody_is_is_found_and_nothing_else(text: str, kind: str) -> None:
    found = {str(one.kind) for one in find_personal_parts(tidy_text(text))}
    assert kind in found if kind else found == set()


@given(second=st.sampled_from("3456789"), rest=DIGITS, gap=GAPS, form=FORMS)
def test_a_mobile_number_is_found_however_it_is_written(
    second: str, rest: str, gap: str, form: str
) -> None:
    number = gap.join(form[int(digit)] for digit in f"1{second}{rest}")
    assert find_personal_parts(tidy_text(f"请打{number}谢谢"))


@given(serial=st.integers(0, 10**8 - 1), spaced=st.booleans())
def test_an_address_code_is_no_number_of_a_person(serial: int, spaced: bool) -> None:
    code = make_code("330102", serial, b"key").digits
    written = " ".join(code[at : at + 4] for at in range(0, 16, 4)) if spaced else code
    assert find_personal_parts(f"地址编码 {written} 不对") == []


@given(st.text(max_size=60))
def test_a_text_is_tidied_once_and_parts_lie_apart_within_it(text: str) -> None:
    tidy = tidy_text(text)
    assert tidy_text(tidy) == tidy
    parts = find_personal_parts(tidy)
    ends = [0, *(one.end for one in parts)]
    assert all(end <= one.start < one.end for end, one in zip(ends, parts, strict=False))
    assert all(one.end <= len(tidy) for one in parts)
