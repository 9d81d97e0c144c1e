"""Plate numbers (门牌号): prefix, number, suffix and 号, single or in a list.

Prefixes 临 附 甲 乙 新 老; suffixes -1, 之1, 甲, 号-3号, 号附1号, 号之13号. A dash between
rising numbers is a range (11-12号), otherwise a suffix (47-1号). Lists are parted by 、 , . / 和.
号 behind a building is a room; 号楼 is a building and 号路 a road.
"""

import re

from address_model.elements import Numbered
from address_model.parsing.draft import ANY_MARK, Draft, marks

_ITEM = r"(?:临|附|甲|乙|丙|丁|新|老)?[A-Za-z]?[0-9]+(?:[-之][0-9]+)*[A-Za-z甲乙丙丁]?"
_CLAUSE = re.compile(
    rf"(?<![A-Za-z0-9-]){_ITEM}(?:(?:号|#)?(?:[-、,./;和及至附之]|至|到)+{_ITEM})*(?:号|#号|#)(?!楼|库|馆|桥|门(?!牌)|路|线)"
)
_PARTS = re.compile(
    r"(?P<prefix>临|附|甲|乙|丙|丁|新|老)?(?P<number>[A-Za-z]?[0-9]+)(?:[-之](?P<sub>[0-9]+))?(?P<letter>[A-Za-z甲乙丙丁])?(?P<q>号)?"
)
_BARE = re.compile(
    rf"(?<=[{marks('thoroughfare', 'lane')}])([0-9]+)(-[0-9]+)?"
    r"(?![0-9A-Za-z号幢栋座楼层室弄#米]|单元|[-.][0-9]|公里|国道)"
)
_INSIDE = re.compile(rf"[{marks('building', 'unit', 'floor')}][^{ANY_MARK}]*$")


def read_numbers(draft: Draft) -> None:
    """Claim plate numbers and lists of them."""
    for match in _CLAUSE.finditer(draft.open):
        level = "room" if _INSIDE.search(draft.open[: match.start()]) else "number"
        values = _read_clause(match.group())
        draft.claim(level, *match.span(), values[0])
        if len(values) > 1:
            draft.lists.append((level, values))
    for match in _BARE.finditer(draft.open):
        draft.claim(
            "number", *match.span(), Numbered(match.group(1), "号", "", (match.group(2) or "")[1:])
        )


def _read_clause(clause: str) -> list[Numbered]:
    parts = [
        Numbered(
            m.group("number"),
            "号",
            m.group("prefix") or "",
            (m.group("sub") or "") + (m.group("letter") or ""),
        )
        for m in _PARTS.finditer(clause)
    ]
    joints = [p for p in re.split(r"[A-Za-z0-9号#临附甲乙丙丁新老]+", clause) if p]
    if len(parts) == 1:
        only = parts[0]
        rises = (
            only.suffix.isdigit()
            and only.number.isdigit()
            and 0 < int(only.suffix) - int(only.number) <= 60
        )
        if rises and "-" in clause:
            return expand(only, int(only.number), int(only.suffix))
        return parts
    if len(parts) == 2 and "号" in clause[:-1] and joints and joints[0] in "-之附":
        first, second = parts
        return [Numbered(first.number, "号", first.prefix, second.number)]
    return parts


def expand(model: Numbered, first: int, last: int) -> list[Numbered]:
    """The numbers of a range; ends of the same parity mean one side of the street."""
    step = 2 if (last - first) % 2 == 0 else 1
    return [Numbered(str(n), model.quantifier, model.prefix) for n in range(first, last + 1, step)]
