"""断号, 跳号, 重号 and 错号 of a street are found, and nothing else; the next number is free."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.numbering import FindingKind, NumberFinding, check_numbering, propose_number
from address_model.numbering_rule import (
    Heading,
    Method,
    NumberedDoor,
    NumberingRule,
    OddSide,
    Sides,
)
from address_model.written_ranges import UnclearRange

RULE = NumberingRule()


def door(
    count: int, *, suffix: str = "", point: Point | None = None, code: str = ""
) -> NumberedDoor:
    number = Numbered(str(count), "号", suffix=suffix)
    return NumberedDoor(code or f"c{count}{suffix}", number, point)


def stand(
    count: int, *, along: float | None = None, across: bool = False, odd_left: bool = True
) -> NumberedDoor:
    """A door on a bent street that runs east and turns north, eight metres a number."""
    turn = (count * 8.0 if along is None else along) / 400
    left = 10.0 if (count % 2 == 1) is (odd_left is not across) else -10.0
    east = 400 * math.sin(turn) - math.sin(turn) * left
    north = 400 * (1 - math.cos(turn)) + math.cos(turn) * left
    return door(count, point=Point(120.16 + east / 96_300, 30.24 + north / 110_900))


def said(found: list[NumberFinding]) -> list[tuple[str, str]]:
    return [(str(one.kind), one.text) for one in found]


def test_a_street_in_order_has_no_finding() -> None:
    for odd_left in (True, False):
        doors = [stand(n, odd_left=odd_left) for n in range(1, 61)]
        assert check_numbering(RULE, doors) == []


def test_missing_numbers_are_gaps_and_many_are_a_jump() -> None:
    counts = [n for n in range(1, 61) if n not in (5, 7, 20, *range(31, 58, 2))]
    assert said(check_numbering(RULE, list(map(door, counts)))) == [
        ("gap", "缺 5号至7号，共 2 个"),
        ("jump", "缺 31号至57号，共 14 个"),
        ("gap", "缺 20号"),
    ]


def test_reserved_numbers_and_those_with_a_suffix_are_not_missing() -> None:
    doors = [door(1), door(3, suffix="-1"), door(9)]
    rule = NumberingRule(reserved="5号、7")
    assert check_numbering(rule, doors) == []
    assert check_numbering(NumberingRule(reserved="5-6"), doors)[0].missing == (7,)
    with pytest.raises(UnclearRange, match="不是号码"):
        check_numbering(NumberingRule(reserved="路口"), doors)


def test_the_first_number_counts_if_it_is_laid_down() -> None:
    doors = [door(5), door(7), door(8)]
    assert check_numbering(RULE, doors) == []
    found = check_numbering(NumberingRule(start=1), doors)
    assert [one.missing for one in found] == [(1, 3), (2, 4, 6)]


def test_a_street_of_one_row_counts_on() -> None:
    doors = list(map(door, (1, 2, 4, 5)))
    assert said(check_numbering(NumberingRule(sides=Sides.ONE), doors)) == [("gap", "缺 3号")]


def test_an_even_number_in_a_street_of_odd_ones_is_misplaced() -> None:
    found = check_numbering(NumberingRule(sides=Sides.ODD), list(map(door, (1, 3, 4, 5))))
    assert said(found) == [("misplaced", "4号：这条路只编单号")]


def test_numbers_that_sound_alike_are_doubles() -> None:
    doors = [door(12, suffix="之一"), door(12, suffix="1"), door(12, suffix="附1"), door(12)]
    assert said(check_numbering(RULE, doors)) == [
        ("duplicate", "12号之一有 3 个，写法不同：12号之一、12-1号、12号附1")
    ]
    twice = [door(7, code="a"), door(7, code="b")]
    assert check_numbering(RULE, twice)[0].codes == ("a", "b")


def test_a_door_on_the_wrong_side_is_found_on_a_bent_street() -> None:
    doors = [stand(n, across=n == 13) for n in range(1, 41)]
    (found,) = check_numbering(RULE, doors)
    assert (found.kind, found.text) == (FindingKind.MISPLACED, "13号：单号在双号一侧")
    assert found.codes == ("c13",)


def test_a_door_out_of_order_is_found_and_its_neighbours_are_not() -> None:
    doors = [stand(n, along=16.0 if n == 20 else None) for n in range(1, 41)]
    assert said(check_numbering(RULE, doors)) == [("misplaced", "20号：与前后的号顺序不符")]


def test_the_rule_says_which_side_and_which_way() -> None:
    doors = [stand(n) for n in range(1, 13)]
    wrong = check_numbering(NumberingRule(odd_side=OddSide.RIGHT), doors)
    assert len(wrong) == 12
    back = check_numbering(NumberingRule(heading=Heading.WEST), doors)
    assert said(back) == [("misplaced", "号码实际增大的方向与规则相反")]
    assert check_numbering(NumberingRule(odd_side=OddSide.LEFT, heading=Heading.EAST), doors) == []


def test_by_distance_a_number_says_how_far_along_it_stands() -> None:
    rule = NumberingRule(method=Method.DISTANCE, step_m=8.0)
    counts = [n for n in range(1, 41) if n % 3]
    assert check_numbering(rule, [stand(n) for n in counts]) == []
    doors = [stand(n, along=250.0 if n == 40 else None) for n in counts]
    (found,) = check_numbering(rule, doors)
    assert found.text.startswith("40号：")


def test_doors_at_one_place_or_without_points_have_no_line() -> None:
    here = Point(120.16, 30.24)
    assert check_numbering(RULE, [door(n, point=here) for n in range(1, 20)]) == []
    assert check_numbering(RULE, []) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(1, 3, "1号之一"), (3, 5, "3号之二"), (3, 9, "7号"), (9, None, "13号"), (9, 15, "13号")],
)
def test_the_next_number_is_free_and_not_reserved(
    before: int, after: int | None, expected: str
) -> None:
    doors = [door(1), door(3), door(3, suffix="之一"), door(5), door(9)]
    rule = NumberingRule(reserved="11")
    assert str(propose_number(rule, doors, before, after)) == expected


_counts = st.sets(st.integers(1, 80), min_size=1, max_size=40)


@given(counts=_counts, reserved=_counts)
def test_findings_name_just_what_is_missing(counts: set[int], reserved: set[int]) -> None:
    rule = NumberingRule(reserved="、".join(map(str, sorted(reserved))))
    found = check_numbering(rule, list(map(door, counts)))
    missing = {one for finding in found for one in finding.missing}
    wanted = set[int]()
    for row in (0, 1):
        own = sorted(n for n in counts if n % 2 == row)
        wanted |= set(range(own[0], own[-1], 2)) if own else set()
    assert missing == wanted - counts - reserved
    assert len({one.key for one in found}) == len(found)


@given(counts=_counts, at=st.integers(0, 39))
def test_a_proposed_number_is_always_new(counts: set[int], at: int) -> None:
    doors = list(map(door, sorted(counts)))
    before = sorted(counts)[at % len(counts)]
    later = [n for n in sorted(counts) if n > before and n % 2 == before % 2]
    number = propose_number(RULE, doors, before, later[0] if later else None)
    assert str(number) not in {str(one.number) for one in doors}
    if not number.suffix:
        assert before < int(number.number) < (later[0] if later else 1000)
