"""Finds personal numbers in an address text: telephone, identity card, postcode.

They are not part of an address and are never stored with one.
"""

import re
from typing import Final, NamedTuple

_START: Final = r"(?<![0-9A-Za-z])"
_END: Final = r"(?![0-9A-Za-z号幢栋室弄#])"
_LONG_END: Final = r"(?![0-9A-Za-z])号?"
"""Behind a telephone or identity number, which no house has, also when 号 follows."""

_KINDS: Final = {
    "身份证号码": re.compile(
        rf"(?:身份证(?:号码|号)?[:：]? ?)?{_START}[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}"
        rf"(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{{3}}[0-9Xx]{_LONG_END}"
    ),
    "手机号码": re.compile(
        rf"(?:(?:联系)?(?:电话|方式)|手机(?:号码|号)?)?[:：]? ?{_START}"
        rf"(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{{4}}[- ]?[0-9]{{4}}{_LONG_END}"
    ),
    "电话号码": re.compile(
        rf"(?:联系)?(?:电话|方式)[:：]? ?[0-9]{{7,8}}{_LONG_END}"
        rf"|(?:(?:联系)?(?:电话|方式)[:：]? ?)?{_START}"
        rf"\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[- ]?[2-8][0-9]{{6,7}}{_LONG_END}"
    ),
    "邮政编码": re.compile(
        rf"(?:邮政编码|邮编)[:：]? ?[0-9]{{6}}{_END}|^3[12][0-9]{{4}}(?=[ ,，]*[一-龥])"
        r"|(?<=[ ,，(号室])3[12][0-9]{4}(?=\)?$)"
    ),
}
_WIDE: Final = str.maketrans("０１２３４５６７８９－—＋（）　", "0123456789--+() ")
_LONG: Final = re.compile("[0-9][0-9 -]{5}")
"""A quick test: every such number has six digits in a row, blanks and dashes aside."""


class PersonalNumber(NamedTuple):
    """The span of a personal number in a text, and its kind in words."""

    kind: str
    start: int
    end: int


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Return the personal numbers in a text with their labels, in order, without overlaps."""
    plain = text.translate(_WIDE)
    if not _LONG.search(plain):
        return []
    found: list[PersonalNumber] = []
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(plain):
            if all(match.end() <= one.start or one.end <= match.start() for one in found):
                found.append(PersonalNumber(kind, *match.span()))
    return sorted(found, key=lambda one: one.start)
