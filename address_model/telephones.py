"""Telephone numbers of offices: validation and one written form.

Forms by the Chinese numbering plan: landline with area code and perhaps an extension, mobile
(eleven digits from 13 on), 400 and 800 numbers, five-digit and 95/96 service numbers.
"""

import re
import unicodedata
from typing import Final

EMERGENCY: Final = frozenset({"110", "119", "120", "122"})

_DASHES = re.compile(r"[‐-―−－﹣]")
_LANDLINE = re.compile(
    r"\(?(?P<area>0(?:10|2\d|[3-9]\d\d))\)?[- ]*(?P<own>[2-8]\d{6,7}|0{4}\d{4})"
    r"(?:[- ]*(?:转|ext\.?|#|-)[- ]*(?P<extension>\d{1,6}))?"
)
_MOBILE = re.compile(r"(?:\+?86[- ]*)?(1[3-9]\d)[- ]*(\d{4})[- ]*(\d{4})")
_SERVICE = re.compile(r"1[0-2]\d{3}|9[56]\d{3,6}")
_FREE = re.compile(r"([48]00)[- ]*(\d{3,4})[- ]*(\d{3,4})")


class InvalidTelephone(ValueError):
    """The text is not an office telephone number; the message says why."""


def read_telephone(text: str) -> str:
    """Return a number in display form: ``0571-87654321``, ``0571-87654321-802``, ``12345``.

    Numbers of the demo (``0571-0000…``, never assigned) are accepted.

    Raises:
        InvalidTelephone: an emergency number, or not a form of the numbering plan.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()
    plain = re.sub(r"(?<=\d) +(?=\d)", "", plain)
    if plain in EMERGENCY:
        raise InvalidTelephone(f"{plain} is an emergency number, not an office's")
    if found := _LANDLINE.fullmatch(re.sub(r"^\+86[- ]*(?=[1-9]\d)", "0", plain)):
        parts = (found["area"], found["own"], found["extension"])
        return "-".join(part for part in parts if part)
    if found := _MOBILE.fullmatch(plain):
        return "".join(found.groups())
    if found := _FREE.fullmatch(plain):
        digits = "".join(found.groups())
        if len(digits) == 10:
            return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if _SERVICE.fullmatch(plain):
        return plain
    fault = "write 0571-87654321, or 0571-87654321-802 with an extension"
    digit_count = sum(character.isdigit() for character in plain)
    if re.fullmatch(r"[2-8]\d{6,7}", plain):
        fault = "the area code is missing"
    elif plain.startswith("1") and digit_count != 11:
        fault = f"a mobile number has 11 digits, this has {digit_count}"
    raise InvalidTelephone(f"{text!r} is no telephone number ({fault})")


def is_mobile(number: str) -> bool:
    """Whether a number returned by ``read_telephone`` is a mobile number."""
    return len(number) == 11 and number.isdigit() and number.startswith("1")
