"""Decides whether two texts name one place by comparing their parses; scored on CCKS2021 pairs.

The pairs (完全匹配, 部分匹配, 不匹配) come from map search results: most texts have no plate, many
name shops, and half of the labels require knowledge of the city.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz

from address_model.elements import Elements
from address_model.gazetteer import Gazetteer
from address_model.parsing import Parse, parse
from address_model.places import fold_numbered, fold_village

WHOLE, PART, OTHER = LABELS = ("完全匹配", "部分匹配", "不匹配")
ALIKE = 72
"""Names with a lower rapidfuzz similarity (percent) are different names."""

_UPPER = ("city", "county", "township")
_NUMBERS = ("number", "building", "unit", "floor", "room")


@dataclass
class Pairs:
    """Counts of label and decision."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def f1(self, label: str) -> float:
        """F1 of one label in percent."""
        right = self.counts[label, label]
        given = sum(n for (_, told), n in self.counts.items() if told == label)
        wanted = sum(n for (real, _), n in self.counts.items() if real == label)
        return 200 * right / (given + wanted) if given + wanted else 0.0

    def lines(self) -> Iterator[str]:
        """One line per label, then the macro-F1."""
        for label in LABELS:
            told = "  ".join(f"{other} {self.counts[label, other]}" for other in LABELS)
            yield f"{label}  F1 {self.f1(label):5.2f}  decided as {told}"
        yield f"macro-F1 {sum(map(self.f1, LABELS)) / 3:.2f} of {sum(self.counts.values())} pairs"


def measure(path: Path, gazetteer: Gazetteer) -> Pairs:
    """Decide every pair of a file."""
    pairs = Pairs()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            query = parse(row["query"], gazetteer)
            for candidate in row["candidate"]:
                told = decide(query, parse(candidate["text"], gazetteer))
                pairs.counts[candidate["label"], told] += 1
    return pairs


def decide(one: Parse, other: Parse) -> str:
    """Whole if names and numbers agree, part if a name does, else other."""
    left, right = one.place, other.place
    if _apart(left, right):
        return OTHER
    road = _alike(left.thoroughfare, right.thoroughfare)
    place = _best(_places(one), _places(other))
    number = _agree(left, right, "number")
    inner = [_agree(left, right, level) for level in _NUMBERS[1:]]
    if (place is None and not road) or (place is False and not (road and number)):
        return OTHER
    same_depth = all((getattr(left, n) is None) == (getattr(right, n) is None) for n in _NUMBERS)
    contradicts = False in (*inner, number) or road is False
    if place and not contradicts and (same_depth or (road and number)):
        return WHOLE
    if road and number and place is not False and False not in inner and same_depth:
        return WHOLE
    return PART if place or number is not False else OTHER


def _places(reading: Parse) -> list[str]:
    """The names of estates, villages and firms in a text."""
    place = reading.place
    told = [place.estate, place.natural_village]
    told += [e.text for e in reading.elements if e.level in ("organisation", "estate")]
    return list(dict.fromkeys(name for name in told if name))


def _alike(one: str, other: str) -> bool | None:
    return fuzz.ratio(one, other) >= ALIKE if one and other else None


def _best(left: list[str], right: list[str]) -> bool | None:
    """Whether any two names are alike or contain each other; None if a side has none."""
    if not left or not right:
        return None
    return any(
        fuzz.ratio(a, b) >= ALIKE or (min(len(a), len(b)) > 2 and (a in b or b in a))
        for a in left
        for b in right
    )


def _apart(left: Elements, right: Elements) -> bool:
    """Whether both name different divisions of one level."""
    for level in _UPPER:
        a, b = fold_village(getattr(left, level)), fold_village(getattr(right, level))
        if a and b and a[:2] != b[:2]:
            return True
    return False


def _agree(left: Elements, right: Elements, level: str) -> bool | None:
    """Whether both agree on a level; None if one lacks it."""
    a, b = getattr(left, level), getattr(right, level)
    if a is None or b is None:
        return None
    return fold_numbered(a) == fold_numbered(b)
