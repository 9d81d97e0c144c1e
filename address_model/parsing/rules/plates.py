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
JOINT = r"(?:[、,./;和及与]|(?:号|#)[-、,./;和及与至到附之]|至|到)+"
_PLAIN_JOINT = "(?:[、,./;和及与]|至|到)+"
LIST = re.compile(
    rf"(?<![A-Za-z0-9.-])第?(?:{ITEM}(?:{JOINT}{ITEM})+(?P<closer>#号|号(?:商铺|店面|营业房|商位|摊位|门面)|号|#)"
    r"(?![楼库馆桥门路线房室])"
    rf"|(?:{ITEM}(?:{_PLAIN_JOINT}{ITEM})+|[A-Za-z](?:[、,/和及与][A-Za-z])+(?![A-Za-z]))"
    r"(?P<kind>号房|号楼|#楼|室|幢|栋|座|楼(?!梯)|层|单元|[Ff](?![A-Za-z0-9])|间|商铺|店面|营业房|商位|摊位|房(?![产屋])))"
)
"""Plates are parted by marks with or without their 号; what has another closer by marks alone."""
_PART = re.compile(
    rf"(?P<joint>[^0-9A-Za-z临新老{ORDINALS}]*?)(?P<prefix>{PREFIX})?(?P<number>[A-Za-z]?[0-9]+)"
    rf"(?P<sub>-[A-Za-z]?[0-9]+|之[0-9]+)?(?P<letter>[A-Za-z{ORDINALS}])?"
)
RANGE = 60
_NEXT = 20
_PARTED = re.compile("([A-Za-z]?[0-9]+)-[0-9]")
"""A rise of more than this is no range of plates: 5-70号 is number 70 of 5, or a suffix."""


def read_clause(clause: str, quantifier: str = "号", *, by_side: bool = True) -> list[Numbered]:
    """Return the numbers of a clause; ``by_side``: a range may count one side of the street."""
    numbers: list[Numbered] = []
    parted = _PARTED.findall(clause)
    has_ranges = len(parted) == len(set(parted))  # 5-28、5-36、5-37 are three of 5
    for match in _PART.finditer(clause):
        joint = match.group("joint")
        last = numbers[-1] if numbers else Numbered("")
        suffix = read_suffix(match.group("sub") or "") + (match.group("letter") or "")
        prefix = match.group("prefix") or ("" if "号" in joint else last.prefix)
        number = Numbered(match.group("number"), quantifier, prefix, suffix)
        is_range = "-" in joint and rises(last._replace(suffix=number.number))
        # A further member may count the suffixes: 112-5、6号 is 112-5 and 112-6.
        is_bare = number.number.isdigit() and not suffix
        counts_on = "号" not in joint and is_bare and last.suffix.isdigit()
        if numbers and is_range and not suffix:
            numbers[-1:] = range_of(numbers[-1], number.number, by_side=by_side)
        elif numbers and (
            re.search(r"号[-之]", joint) or (joint == "号" and number.prefix == "附")
        ):
            among = "之" if "之" in joint else ""
            written = read_suffix(among + number.prefix + number.number + number.suffix)
            numbers[-1] = numbers[-1]._replace(suffix=written)
        elif numbers and re.search("[至到]", joint):
            numbers[-1:] = range_of(numbers[-1], number.number, by_side=by_side)
        elif counts_on and 0 < int(number.number) - int(last.suffix) <= _NEXT:
            numbers.append(last._replace(suffix=number.number))
        elif has_ranges and rises(number):
            numbers += range_of(number, number.suffix, by_side=by_side)
        else:
            numbers.append(number)
    return numbers or [Numbered(c, quantifier) for c in re.findall("[A-Za-z]", clause)]


def rises(number: Numbered) -> bool:
    """Tell whether what stands behind the dash is the end of a range and no suffix."""
    letters = _LETTERS.match(number.number)[0]  # type: ignore[index]  # matches nothing too
    digits, last = number.number[len(letters) :], number.suffix.lstrip("-").removeprefix(letters)
    if not (digits.isdigit() and last.isdigit()):
        return False
    return 0 < int(last) - int(digits) <= RANGE


def range_of(first: Numbered, last: str, *, by_side: bool) -> list[Numbered]:
    """The numbers of a range (A1 to A3 too); both ends, unread, when they make none.

    Plates count by side of the street: ends of the same parity leave out the other side.
    """
    letters = _LETTERS.match(first.number)[0]  # type: ignore[index]  # the pattern matches nothing too
    digits = first.number[len(letters) :]
    until = last.lstrip("-").removeprefix(letters)
    if not (digits.isdigit() and until.isdigit()):
        return [first._replace(suffix=""), first._replace(number=last, suffix="")]
    start, end = int(digits), int(until)
    if not 0 < end - start <= 10 * RANGE:
        return [first._replace(suffix=last)]
    step = 2 if by_side and (end - start) % 2 == 0 else 1
    width = len(digits) if digits.startswith("0") else 0
    return [
        first._replace(number=f"{letters}{n:0{width}d}", suffix="")
        for n in range(start, end + 1, step)
    ]


_LETTERS = re.compile("[A-Za-z]*")
