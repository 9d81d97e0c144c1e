import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.tokens import ALPHABET, find_token, token_from_bytes


@given(st.binary(min_size=7, max_size=7))
def test_any_seven_bytes_make_a_token_that_is_found_again(raw: bytes) -> None:
    token = token_from_bytes(raw)
    assert find_token(token) == token
    assert find_token(token.lower()) == token


@pytest.mark.parametrize(
    ("typed", "token"),
    [("7k3m9qx2tb", "7K3M9QX2TB"), ("OIL0000000", "0110000000"), ("7K3M9-QX2TB", "7K3M9QX2TB")],
)
def test_confusable_letters_case_and_dashes_are_folded(typed: str, token: str) -> None:
    assert find_token(typed) == token


@pytest.mark.parametrize("typed", ["", "7K3M9QX2T", "7K3M9QX2TBB", "7K3M9QX2TU", "门牌7K3M9QX2"])
def test_what_is_no_token_is_not_found(typed: str) -> None:
    assert find_token(typed) is None


def test_every_letter_of_the_alphabet_can_be_drawn() -> None:
    drawn = {token_from_bytes(bytes([byte] * 7))[0] for byte in range(256)}
    assert drawn == set(ALPHABET)
