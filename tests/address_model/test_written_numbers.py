import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.written_numbers import MOST_DIGITS, lost_digits, plain_number

WHOLE = st.integers(min_value=1, max_value=10**MOST_DIGITS - 1)


@given(WHOLE)
def test_a_whole_number_is_its_digits_however_a_program_writes_it(number: int) -> None:
    digits = str(number)
    exact = f"{digits[0]}.{digits[1:] or '0'}"
    power = len(digits) - 1
    for written in (
        digits,
        f"{digits}.0",
        f"{digits}.000",
        f"{exact}e{power}",
        f"{exact}E+{power}",
        f"{exact}00e+{power:02d}",
        repr(float(number)),
    ):
        assert plain_number(written) == digits
        assert not lost_digits(written)


@given(WHOLE.filter(lambda number: number > 100), st.data())
def test_a_number_of_which_digits_are_gone_is_said_to_be_so(
    number: int, data: st.DataObject
) -> None:
    digits = str(number)
    kept = data.draw(st.integers(min_value=0, max_value=len(digits) - 2))
    written = f"{digits[0]}.{digits[1 : 1 + kept]}" if kept else digits[0]
    for one in (f"{written}E+{len(digits) - 1:02d}", f"{written}e+{len(digits) - 1}"):
        assert lost_digits(one)
        assert plain_number(one) == one


@pytest.mark.parametrize(
    "text", ["330102199001010011.0", "3.30102199001010011e17", "9007199254740992.0", "1E+19"]
)
def test_more_digits_than_a_spreadsheet_keeps_are_doubted(text: str) -> None:
    assert lost_digits(text)
    assert plain_number(text) == text


@pytest.mark.parametrize(
    "text", ["", "12", "012", "1.10", "120.5", "3E12", "2e", "1.5e0", "G1.0", "1.0.0", "１.0", "-"]
)
def test_what_is_no_whole_number_stays(text: str) -> None:
    assert plain_number(text) == text
    assert not lost_digits(text)


@given(st.text(alphabet="0123456789.eE+-", max_size=20))
def test_a_plain_number_is_plain(text: str) -> None:
    plain = plain_number(text)
    assert plain_number(plain) == plain
    assert plain == text or float(plain) == float(text)
