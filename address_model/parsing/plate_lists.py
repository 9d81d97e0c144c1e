"""Lists and ranges: the plates that one text names (601室、602室, 19-20楼, 204号2层、206号1层).

Numbers of one level that a mark of a list parts are several; 至, 到 or a dash between two makes a
range. When a text goes back up (3幢101室、5幢201室) each stretch is a plate of its own. What may
be meant of one or of all (7、9号2701室) is left to a person.
"""

import re
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from address_model.elements import Elements, Numbered
from address_model.parsing.draft import Claim, Draft
from address_model.parsing.rules.plates import range_of

MOST_PLATES = 200
"""More plates than this in one field are a mistake; a person must look."""

_NEAR = 20
"""A number so little above what stands behind the dash of another may go on from it."""

_ORDER = ("number", "building", "unit", "floor", "room")
_DEPTH = {level: depth for depth, level in enumerate(_ORDER)}
_LIST = re.compile(r"[ ()]*[、,;/.&和及与][ ()、,]*|[ ]*\)[ ]*\([ ]*")
_RANGE = re.compile(r"[ ()]*(?:至|到|-+)[ ()]*")


@dataclass(slots=True)
class _Level:
    """The numbers of one level in a stretch that names each level once."""

    level: str
    values: list[Numbered]
    claims: list[Claim]
    is_parted: bool
    """A mark of a list stands before it."""


def list_plates(draft: Draft, place: Elements) -> tuple[tuple[Elements, ...], frozenset[int]]:
    """Return the plates of a draft, and where the claims begin that the first plate lacks.

    Where it is doubtful which of several a part belongs to, all that it may mean are returned.
    """
    if _names_each_level_once(draft):
        return (place,), frozenset()
    found = _levels(draft)
    groups = _groups(found)
    if groups is None or (len(groups) == 1 and all(len(one.values) == 1 for one in found)):
        return (place,), frozenset()
    _doubt_members(draft, found)
    plates: list[Elements] = []
    above = place
    for group in groups:
        unclear = _find_unclear(draft, group)
        if unclear is not None:
            changes: list[dict[str, Any]] = [{unclear.level: one} for one in unclear.values]
            return tuple([place._replace(**one) for one in changes[:MOST_PLATES]]), frozenset()
        below = _ORDER[_DEPTH[group[0].level] :]
        emptied: dict[str, Any] = dict.fromkeys(below)
        above = above._replace(**emptied)
        for values in product(*(one.values for one in group)):
            named: dict[str, Any] = {one.level: v for one, v in zip(group, values, strict=True)}
            plates.append(above._replace(**named))
        above = plates[-1]
        if len(plates) > MOST_PLATES:
            draft.doubts.append(f"一栏写了{MOST_PLATES}个以上的门牌，无法逐个列出")
            return tuple(plates[:MOST_PLATES]), frozenset()
    plates = list(dict.fromkeys(plates))
    shown = "、".join(
        "".join(str(value) for level in _ORDER if (value := getattr(plate, level)) is not None)
        for plate in plates[:12]
    )
    draft.reasons.append(f"原文列有{len(plates)}处：{shown}")
    starts = {claim.start for group in groups for one in group for claim in one.claims}
    return tuple(plates), frozenset(starts - {one.claims[0].start for one in groups[0]})


def _names_each_level_once(draft: Draft) -> bool:
    """The usual case, told without a second look."""
    deepest = -1
    for claim in draft.claims:
        depth = _DEPTH.get(claim.level)
        if depth is not None:
            if claim.values or depth <= deepest:
                return False
            deepest = depth
    return True


def _levels(draft: Draft) -> list[_Level]:
    """The numbered claims, with those that marks of a list join made one."""
    found: list[_Level] = []
    gap: str | None = ""
    end = 0
    for claim in draft.claims:
        if claim.level == "other":
            continue
        if claim.level not in _DEPTH or claim.value is None:
            gap = None
            continue
        values = list(claim.values or (claim.value,))
        between = draft.text[end : claim.start] if gap is not None and found else ""
        last = found[-1] if found else None
        gap, end = "", claim.end
        if last is not None and between and last.level == claim.level:
            if _RANGE.fullmatch(between):
                values = _span(last.values[-1], values)
            if values and (_LIST.fullmatch(between) or _RANGE.fullmatch(between)):
                last.values += values
                last.claims.append(claim)
                continue
            values = list(claim.values or (claim.value,))
        found.append(_Level(claim.level, values, [claim], bool(_LIST.fullmatch(between))))
    return found


def _doubt_members(draft: Draft, found: list[_Level]) -> None:
    """Doubt a list whose members are not of one form.

    In 502-1、502-2 the parts of the first were told apart and those of the second not; in 13-42、43
    the second may be a number of its own or go on from what stands behind the dash.
    """
    for one in found:
        for before, after in pairwise(one.values):
            tail, code = _code(before).rpartition("-")[2], _code(after)
            begins = draft.text[one.claims[0].start - 1 : one.claims[0].start]
            is_split = begins == "-" and "-" in code
            goes_on = "-" in _code(before) and (tail + code).isdecimal() and "-" not in code
            if is_split or (goes_on and 0 < int(code) - int(tail) <= _NEAR):
                draft.doubts.append(f"「{before}」和「{after}」写法不一，各指哪一处不明确")
                return


def _code(value: Numbered) -> str:
    return f"{value.number}-{value.suffix}" if value.suffix else value.number


def _span(first: Numbered, last: list[Numbered]) -> list[Numbered]:
    """The numbers behind the first up to the last, or nothing when they make no range."""
    if first.quantifier != last[0].quantifier or first.suffix or last[0].suffix:
        return []
    if not (first.number + last[0].number).isalnum() or not first.number[-1:].isdigit():
        return []
    numbers = range_of(first, last[0].number, by_side=first.quantifier == "号")
    return [*numbers[1:], *last[1:]] if numbers[-1].number == last[0].number else []


def _groups(found: list[_Level]) -> list[list[_Level]] | None:
    """The stretches that each name a level once; None unless marks of a list part them."""
    groups: list[list[_Level]] = []
    for one in found:
        if groups and _DEPTH[groups[-1][-1].level] < _DEPTH[one.level]:
            groups[-1].append(one)
        elif groups and not one.is_parted:
            return None
        else:
            groups.append([one])
    return groups or None


def _find_unclear(draft: Draft, group: list[_Level]) -> _Level | None:
    """The list of which it is not clear whether what stands behind is meant of all its members.

    Floors are; units and rooms may be of one.
    """
    for at, one in enumerate(group):
        if len(one.values) > 1 and any(
            below.level in ("unit", "room") for below in group[at + 1 :]
        ):
            draft.doubts.append(f"「{one.values[-1]}」之后的部分属于其中哪一处不明确")
            return one
    return None
