"""The numbers along a street: its rule, and what does not follow it (断号 跳号 重号 错号).

Cities number in their own ways (which side is odd, from where, by sequence or by distance), so the
rule belongs to the street; without one only what speaks for itself is found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from address_model.elements import Numbered
from address_model.numbering_rule import (
    Heading,
    Method,
    NumberedDoor,
    NumberingRule,
    OddSide,
    Sides,
)
from address_model.plate_suffixes import write_numeral
from address_model.street_line import DoorSpot, fit_line, list_disordered

FEW_MISSING = 10
"""Up to so many numbers in a row are missing (断号); more are passed over (跳号)."""

SURE_SIDE_M = 4.0
"""Nearer to the line of the street a door's side is not judged, in metres."""

_AGREEING = 0.8
"""So large a part of the doors must agree before the others are called wrong."""

_ENOUGH = 6
_OFF_STEPS, _OFF_M = 6, 25.0


class FindingKind(StrEnum):
    """What is wrong with numbers."""

    GAP = "gap"
    JUMP = "jump"
    DUPLICATE = "duplicate"
    MISPLACED = "misplaced"


FINDING_NAMES = dict(zip(FindingKind, ("断号", "跳号", "重号", "错号"), strict=True))
_COMPASS = {Heading.EAST: (1, 0), Heading.WEST: (-1, 0), Heading.NORTH: (0, 1)} | {
    Heading.SOUTH: (0, -1)
}


@dataclass(frozen=True, slots=True)
class NumberFinding:
    """One thing that is wrong: ``key`` stays the same while it does, ``codes`` are the doors.

    ``missing`` are the numbers that a gap lacks.
    """

    kind: FindingKind
    key: str
    text: str
    codes: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()


def check_numbering(rule: NumberingRule, doors: Sequence[NumberedDoor]) -> list[NumberFinding]:
    """All findings of a street: doubles, then what is missing, then what stands wrong."""
    counted = sorted(
        (door for door in doors if door.count is not None), key=lambda door: door.count or 0
    )
    found = [*find_duplicates(counted)]
    if rule.method is Method.SEQUENCE:
        found += find_missing(rule, {door.count or 0 for door in counted})
    return [*found, *find_misplaced(rule, counted)]


def find_duplicates(doors: Iterable[NumberedDoor]) -> Iterator[NumberFinding]:
    """Doors that have one number, or numbers that people cannot tell apart."""
    said: dict[tuple[str, str, str], list[NumberedDoor]] = {}
    for door in doors:
        said.setdefault(door.spoken, []).append(door)
    for spoken, same in said.items():
        if len(same) > 1:
            written = list(dict.fromkeys(str(door.number) for door in same))
            ways = f"，写法不同：{'、'.join(written)}" if len(written) > 1 else ""
            text = f"{written[0]}有 {len(same)} 个{ways}"
            codes = tuple(sorted(door.code for door in same))
            key = f"duplicate:{'-'.join(part for part in spoken if part)}"
            yield NumberFinding(FindingKind.DUPLICATE, key, text, codes)


def find_missing(rule: NumberingRule, counts: set[int]) -> Iterator[NumberFinding]:
    """Numbers that a row passes over, reserved ones left out."""
    for row in rule.rows:
        own = sorted(count for count in counts if rule.row_of(count) == row)
        if not own:
            continue
        first = rule.start if rule.start and rule.start <= own[0] else own[0]
        first += rule.row_of(first) != row
        wanted = range(first, own[-1] + 1, rule.step)
        missing = [one for one in wanted if one not in counts and one not in rule.kept_free]
        for group in group_by_step(missing, rule.step):
            kind = FindingKind.GAP if len(group) <= FEW_MISSING else FindingKind.JUMP
            span = f"{group[0]}号" if len(group) == 1 else f"{group[0]}号至{group[-1]}号"
            many = "" if len(group) == 1 else f"，共 {len(group)} 个"
            key = f"{kind}:{group[0]}-{group[-1]}"
            yield NumberFinding(kind, key, f"缺 {span}{many}", missing=tuple(group))


def group_by_step(numbers: Iterable[int], step: int) -> list[list[int]]:
    """Numbers in a row, each so far from the one before, as one group."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and groups[-1][-1] + step == number:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def find_misplaced(rule: NumberingRule, doors: Sequence[NumberedDoor]) -> Iterator[NumberFinding]:
    """Doors on the side of the others, or out of their order, as their points have it.

    ``doors`` are in the order of their numbers.
    """
    wrong: dict[str, str] = {}
    for door in doors:
        if rule.row_of(door.count or 0) not in rule.rows:
            wrong[door.code] = "这条路只编双号" if rule.sides is Sides.EVEN else "这条路只编单号"
    line = fit_line([(door.count or 0, door.point) for door in doors if door.point])
    if line is not None:
        spots = {door.code: line.place(door.point) for door in doors if door.point}
        if rule.heading:
            east, north = _COMPASS[rule.heading]
            if line.course[0] * east + line.course[1] * north < 0:
                text = "号码实际增大的方向与规则相反"
                yield NumberFinding(FindingKind.MISPLACED, "misplaced:heading", text)
        if rule.sides is Sides.BOTH:
            wrong = find_wrong_sides(rule, doors, spots) | wrong
        for row in rule.rows:
            own = [d for d in doors if d.code in spots and rule.row_of(d.count or 0) == row]
            for at in list_disordered([spots[door.code].along_m for door in own]):
                wrong.setdefault(own[at].code, "与前后的号顺序不符")
        if rule.method is Method.DISTANCE:
            wrong = find_wrong_distances(rule, doors, spots) | wrong
    for door in doors:
        if door.code in wrong:
            text = f"{door.number}：{wrong[door.code]}"
            key = f"misplaced:{door.code}"
            yield NumberFinding(FindingKind.MISPLACED, key, text, (door.code,))


def find_wrong_sides(
    rule: NumberingRule, doors: Sequence[NumberedDoor], spots: Mapping[str, DoorSpot]
) -> dict[str, str]:
    """The doors that stand among the numbers of the other side, by code, with why."""
    sure = {
        door.code: ((door.count or 0) % 2 == 1) == (spots[door.code].left_m > 0)
        for door in doors
        if door.code in spots and abs(spots[door.code].left_m) >= SURE_SIDE_M
    }
    share = sum(sure.values()) / len(sure) if sure else 0.5
    odd_is_left = rule.odd_side is OddSide.LEFT if rule.odd_side else share > 0.5
    is_clear = rule.odd_side or (
        len(sure) >= _ENOUGH and (share if odd_is_left else 1 - share) >= _AGREEING
    )
    names = {True: "单号在双号一侧", False: "双号在单号一侧"}
    odd = {door.code: (door.count or 0) % 2 == 1 for door in doors}
    return {
        code: names[odd[code]]
        for code, fits in sure.items()
        if is_clear and fits is not odd_is_left
    }


def find_wrong_distances(
    rule: NumberingRule, doors: Sequence[NumberedDoor], spots: Mapping[str, DoorSpot]
) -> dict[str, str]:
    """The doors whose number does not say how far along they stand, by code, with why."""
    shifts = {
        door.code: spots[door.code].along_m - (door.count or 0) * rule.step_m
        for door in doors
        if door.code in spots
    }
    if len(shifts) < _ENOUGH:
        return {}
    middle = sorted(shifts.values())[len(shifts) // 2]
    most = max(_OFF_STEPS * rule.step_m, _OFF_M)
    wrong: dict[str, str] = {}
    for door in doors:
        off = shifts.get(door.code, middle) - middle
        if abs(off) > most:
            right = (door.count or 0) + round(off / rule.step_m)
            right += rule.row_of(right) != rule.row_of(door.count or 0)
            wrong[door.code] = f"按距离应在 {max(right, 1)} 号左右"
    return wrong


def propose_number(
    rule: NumberingRule, doors: Iterable[NumberedDoor], before: int, after: int | None
) -> Numbered:
    """The number of a new door behind the door ``before`` of its row, in front of ``after``.

    It is a free one between the two, in their middle, else 之一 of the one before (之二 if that is
    taken); at the end of the row the next that is not reserved.

    Raises:
        UnclearRange: the reserved numbers cannot be read.
    """
    held = list(doors)
    taken = {door.count for door in held} | rule.kept_free
    following = before + rule.step
    if after is None:
        while following in taken:
            following += rule.step
        return Numbered(str(following), "号")
    free = [one for one in range(following, after, rule.step) if one not in taken]
    if free:
        return Numbered(str(free[len(free) // 2]), "号")
    said = {door.spoken[2] for door in held if door.count == before}
    place = next(n for n in range(1, len(said) + 2) if str(n) not in said)
    return Numbered(str(before), "号", suffix=f"之{write_numeral(place)}")
