import pytest

from address_model.division_codes import division_prefix, shared_prefix


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("330110000000", "330110"),
        ("330100000000", "3301"),
        ("330102001000", "330102001"),
        ("3301", "3301"),
        ("3301020010001", "3301020010001"),
        ("9" * 20, "9" * 20),
        ("上城区" * 20, "上城区" * 20),
    ],
)
def test_a_division_and_all_below_it_share_their_leading_digits(code: str, prefix: str) -> None:
    assert division_prefix(code) == prefix


@pytest.mark.parametrize(
    ("codes", "shared"),
    [
        (["330102001003"], "330102001003"),
        (["330102001003", "330102001003"], "330102001003"),
        (["330102001003", "330102001004"], "330102001"),
        (["330102001000", "330102002000"], "330102"),
        (["330102000000", "330106001000", "330102001000"], "3301"),
        (["330102", "330102001000"], "330102"),
        (["330102001000", "331002001000"], "33"),
        (["330102001000", "110101001000"], ""),
        (["", "330102001000"], ""),
    ],
)
def test_what_divisions_share_is_cut_between_levels(codes: list[str], shared: str) -> None:
    assert shared_prefix(*codes) == shared
    assert shared_prefix(*reversed(codes)) == shared
