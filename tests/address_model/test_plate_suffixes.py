import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.normal_form import read_numeral
from address_model.plate_suffixes import read_suffix, write_numeral


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("之1", "之一"),
        ("之一", "之一"),
        ("之01", "之一"),
        ("之廿三", "之二十三"),
        ("附一", "附1"),
        ("附3号", "附3"),
        ("-3", "3"),
        ("3", "3"),
        ("3甲", "3甲"),
        ("甲", "甲"),
        ("", ""),
    ],
)
def test_every_writing_of_a_suffix_has_one_stored_form(written: str, stored: str) -> None:
    assert read_suffix(written) == stored
    assert read_suffix(stored) == stored


@given(st.integers(0, 999))
def test_a_written_numeral_is_read_again(value: int) -> None:
    assert read_numeral(write_numeral(value)) == str(value)
