import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.codes import (
    SERIALS,
    InvalidCode,
    check_digits,
    format_code,
    make_code,
    make_codes,
    parse_code,
    scatter,
)

KEY = b"a key of a county's code space!!"
COUNTERS = st.integers(0, SERIALS - 1)


def is_rejected(digits: str) -> bool:
    try:
        parse_code(digits)
    except InvalidCode:
        return True
    return False


def test_the_example_of_the_design_parses_and_its_twin_with_97_added_does_not() -> None:
    assert parse_code("3301061234567833").county == "330106"
    with pytest.raises(InvalidCode, match="check digits"):
        parse_code("3301061234567893")


@pytest.mark.parametrize(
    "written", ["3301 0612 3456 7833", "3301-0612-3456-7833", "３３０１ ０６１２ ３４５６ ７８３３"]
)
def test_a_code_is_read_as_people_write_it(written: str) -> None:
    assert str(parse_code(written)) == "3301061234567833"


@pytest.mark.parametrize("wrong", ["", "330106", "33010612345678333", "33010612345678AB", "²" * 16])
def test_what_is_not_sixteen_digits_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidCode, match="16 digits"):
        parse_code(wrong)


@given(COUNTERS)
def test_format_and_parse_are_inverse(counter: int) -> None:
    code = make_code("330106", counter, KEY)
    assert parse_code(format_code(code)) == code


def test_every_change_of_one_digit_and_every_exchange_of_neighbours_is_rejected() -> None:
    chance = random.Random(7)
    for counter in chance.sample(range(SERIALS), 1000):
        digits = str(make_code("330106", counter, KEY))
        for place in range(16):
            for other in set("0123456789") - {digits[place]}:
                assert is_rejected(digits[:place] + other + digits[place + 1 :])
        for place in range(15):
            one, two = digits[place], digits[place + 1]
            if one != two:
                assert is_rejected(digits[:place] + two + one + digits[place + 2 :])


@given(st.integers(0, 10**14 - 1))
def test_check_digits_lie_between_02_and_98(body: int) -> None:
    assert 2 <= int(check_digits(f"{body:014d}")) <= 98


def test_scatter_is_a_bijection_where_it_was_tried() -> None:
    assert len({scatter(counter, KEY) for counter in range(200_000)}) == 200_000


@given(COUNTERS)
def test_scatter_stays_in_the_code_space(counter: int) -> None:
    assert 0 <= scatter(counter, KEY) < SERIALS


def test_neighbours_in_a_street_are_no_neighbours_in_code() -> None:
    serials = [scatter(counter, KEY) for counter in range(1000)]
    near = sum(abs(a - b) < 1000 for a, b in pairwise(serials))
    assert near <= 2


def test_another_key_gives_other_codes() -> None:
    assert make_code("330106", 5, KEY) != make_code("330106", 5, b"another")


@pytest.mark.parametrize("counter", [-1, SERIALS])
def test_a_counter_outside_the_code_space_is_refused(counter: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        scatter(counter, KEY)


def test_tabulated_codes_are_those_worked_out_one_by_one() -> None:
    counters = range(77_000, 78_500)
    one_by_one = [make_code("330106", counter, b"never tabulated") for counter in counters]
    assert make_codes("330106", counters, b"never tabulated") == one_by_one
