"""Whole numbers as spreadsheets write them: 5.0, 3.30102001802e11."""

import re

MOST_DIGITS = 15
"""Digits of a number that spreadsheets keep; further ones may be wrong."""

_DECIMAL = re.compile(r"(?P<digits>-?[0-9]+)\.0+")
_SCIENTIFIC = re.compile(
    r"(?P<first>-?[1-9])(?:\.(?P<more>[0-9]+)[eE]\+?|[eE]\+)(?P<exponent>[0-9]{1,3})"
)
"""Not 3E12, which may be the code of a building."""


def plain_number(text: str) -> str:
    """The digits of a whole number if the text has them all; any other text unchanged.

    330102001001.0 is 330102001001, 3.30102001802e11 is 330102001802; 3.30102E+17, 120.5, 1.10 and
    3E12 stay.
    """
    if found := _DECIMAL.fullmatch(text):
        return text if lost_digits(text) else found["digits"]
    if found := _SCIENTIFIC.fullmatch(text):
        more, exponent = found["more"] or "", int(found["exponent"])
        if not lost_digits(text) and not more[exponent:].strip("0"):
            return found["first"] + more[:exponent]
    return text


def lost_digits(text: str) -> bool:
    """Whether a text is a whole number with digits lost or possibly wrong.

    For example 3.30102E+17 and 330102001001010011.0, which a spreadsheet has rounded.
    """
    if found := _DECIMAL.fullmatch(text):
        return len(found["digits"].lstrip("-0")) > MOST_DIGITS
    found = _SCIENTIFIC.fullmatch(text)
    if found is None:
        return False
    exponent = int(found["exponent"])
    return exponent > len(found["more"] or "") or exponent >= MOST_DIGITS
