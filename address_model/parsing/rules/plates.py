"""Plate numbers (门牌号) that are written as one clause: suffixes, ranges and lists.

Prefixes 临 附 甲 乙 新 老; suffixes -1, 之1, 甲, 号-3号, 号附1号, 号之13号, each stored in the form
of ``plate_suffixes``. A dash between rising numbers is a range (11-12号), otherwise a suffix
(47-1号). Lists are parted by 、 , . / ; 和 及 and closed by 号; 连续单号, 连续双号 and 连号 say how
a range counts.
"""

import re

from address_model.elements import Numbered
from address_model.plate_suffixes import ORDINALS, read_suffix

PREFIX = rf"[临附新老{ORDINALS}]"
ITEM = rf"{PREFIX}?[A-Za-z]?[0-9]+(?:[-之][0-9]+)*[A-Za-z{ORDINALS}]?"
JOINT = r"(?:[、,./;和及]|(?:号|#)[-、,./;和及至到附之]|至|到)+"
LIST = re.compile(
    rf"(?<![A-Za-z0-9.-]){ITEM}(?:{JOINT}{ITEM})+(?P<closer>#号|号|#|室|幢|栋)(?![楼库馆桥门路线])"
)
_PART = re.compile(
    rf"(?P<joint>[^0-9A-Za-z临新老{ORDINALS}]*?)(?P<prefix>{PREFIX})?(?P<number>[A-Za-z]?[0-9]+)"
    rf"(?P<sub>[-之][0-9]+)?(?P<letter>[A-Za-z{ORDINALS}])?"
)
_RANGE = 60
"""A rise of more than this is no range of plates: 5-70号 is number 70 of 5, or a suffix."""


def read_clause(clause: str, quantifier: str = "号") -> tuple[list[Numbered], str]:
    """Return the plate numbers of a clause, and what was done to get them (or nothing)."""
    numbers: list[Numbered] = []
    reasons: list[str] = []
    for match in _PART.finditer(clause):
        joint = match.group("joint")
        suffix = read_suffix(match.group("sub") or "") + (match.group("letter") or "")
        number = Numbered(match.group("number"), quantifier, match.group("prefix") or "", suffix)
        if numbers and (re.search(r"号[-之]", joint) or (joint == "号" and number.prefix == "附")):
            numbers[-1] = _with_suffix(numbers[-1], joint, number)
        elif numbers and re.search("[至到]", joint):
            numbers[-1:] = _range(numbers[-1], number.number)
        elif rises(number):
            numbers += _range(number, number.suffix)
        else:
            numbers.append(number)
    if len(numbers) > 1:
        shown = "、".join(number.bare for number in numbers[:8])
        reasons.append(f"{clause} names {len(numbers)} plates: {shown}")
    return numbers, "；".join(reasons)


def _with_suffix(number: Numbered, joint: str, suffix: Numbered) -> Numbered:
    among = "之" if "之" in joint else ""
    written = among + suffix.prefix + suffix.number + suffix.suffix
    return Numbered(number.number, number.quantifier, number.prefix, read_suffix(written))


def rises(number: Numbered) -> bool:
    """Tell whether what stands behind the dash is the end of a range and no suffix."""
    digits = number.number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    if not (digits.isdigit() and number.suffix.isdigit()):
        return False
    return 0 < int(number.suffix) - int(digits) <= _RANGE


def _range(first: Numbered, last: str) -> list[Numbered]:
    """The numbers of a range; ends of the same parity mean one side of the street."""
    digits = re.sub(r"^[A-Za-z]+", "", first.number)
    letters = first.number[: len(first.number) - len(digits)]
    if not (digits.isdigit() and last.isdigit()):
        return [
            Numbered(first.number, first.quantifier, first.prefix),
            Numbered(last, first.quantifier, first.prefix),
        ]
    start, end = int(digits), int(last)
    if not 0 < end - start <= 10 * _RANGE:
        return [Numbered(first.number, first.quantifier, first.prefix, last)]
    step = 2 if (end - start) % 2 == 0 else 1
    width = len(digits) if digits.startswith("0") else 0
    return [
        Numbered(f"{letters}{n:0{width}d}", first.quantifier, first.prefix)
        for n in range(start, end + 1, step)
    ]
