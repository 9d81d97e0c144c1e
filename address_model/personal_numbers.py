"""Numbers of persons that stand in an address text: telephone, identity card, postcode.

They are no part of an address and are never stored with one.
"""

import re
from typing import Final, NamedTuple

_START: Final = r"(?<![0-9A-Za-z])"
_END: Final = r"(?![0-9A-Za-z号幢栋室弄#])"
_KINDS: Final = {
    "身份证号码": re.compile(
        rf"(?:身份证(?:号码|号)?[:：]? ?)?{_START}[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}"
        rf"(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{{3}}[0-9Xx]{_END}"
    ),
    "手机号码": re.compile(
        rf"(?:(?:联系)?(?:电话|方式)|手机(?:号码|号)?)?[:：]? ?{_START}"
        rf"(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{{4}}[- ]?[0-9]{{4}}{_END}"
    ),
    "电话号码": re.compile(
        rf"(?:联系)?(?:电话|方式)[:：]? ?[0-9]{{7,8}}{_END}"
        rf"|(?:(?:联系)?(?:电话|方式)[:：]? ?)?{_START}"
        rf"\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[- ]?[2-8][0-9]{{6,7}}{_END}"
    ),
    "邮政编码": re.compile(
        rf"(?:邮政编码|邮编)[:：]? ?[0-9]{{6}}{_END}|^3[12][0-9]{{4}}(?=[ ,，]*[一-龥])"
        r"|(?<=[ ,，(号室])3[12][0-9]{4}(?=\)?$)"
    ),
}
_WIDE: Final = str.maketrans("０１２３４５６７８９－—＋（）　", "0123456789--+() ")
_LONG: Final = re.compile("[0-9][0-9 -]{5}")
"""Whatever is sought has six digits in a row, but for blanks and dashes."""


class PersonalNumber(NamedTuple):
    """Where a number of a person stands in a text, and what it is in words."""

    kind: str
    start: int
    end: int


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Return the numbers of persons in a text, in order, with their labels; spans never overlap."""
    plain = text.translate(_WIDE)
    if not _LONG.search(plain):
        return []
    found: list[PersonalNumber] = []
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(plain):
            if all(match.end() <= one.start or one.end <= match.start() for one in found):
                found.append(PersonalNumber(kind, *match.span()))
    return sorted(found, key=lambda one: one.start)
