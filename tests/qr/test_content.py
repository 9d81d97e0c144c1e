from collections.abc import Callable

import pytest

from qr.content import PlateContent

Build = Callable[..., PlateContent]


@pytest.mark.parametrize(
    ("number", "suffix", "quantifier", "printed"),
    [
        ("128", "", "号", "128号"),
        ("47", "1", "号", "47-1号"),
        ("12", "甲", "号", "12甲号"),
        ("123", "之一", "号", "123号之一"),
        ("5", "附2", "号", "5号附2"),
        ("临47", "", "号", "临47号"),
        ("3", "", "幢", "3幢"),
        ("2.01", "", "", "2.01"),
    ],
)
def test_a_number_stands_in_reading_order(
    plate: Build, number: str, suffix: str, quantifier: str, printed: str
) -> None:
    content = plate(number=number, suffix=suffix, quantifier=quantifier)
    assert content.full_number == printed


def test_a_code_is_printed_in_groups_of_four(plate: Build) -> None:
    assert plate(code="3301061234567833").grouped_code == "3301 0612 3456 7833"


def test_a_code_of_another_scheme_is_printed_as_it_stands(plate: Build) -> None:
    assert plate(code="330106-77").grouped_code == "330106-77"
