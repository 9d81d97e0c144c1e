"""Measures how often the parser infers the prefecture of real addresses without one.

The rows are enterprise addresses with their prefecture as truth. Two groups are made from the text
alone: rows with a current county's full name, and the others (abolished counties, short forms,
township names only), where the parser may also say that it does not know.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from address_model.gazetteer import Gazetteer
from address_model.parsing import parse


@dataclass
class Group:
    """Counts of one group and the rows that were answered wrongly."""

    name: str
    rows: int = 0
    answered: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, text: str, truth: str, read: str) -> None:
        """Count one row; an empty answer means unknown."""
        self.rows += 1
        if not read:
            self.unknown.append(text)
            return
        self.answered += 1
        if read == truth:
            self.right += 1
        else:
            self.wrong.append(f"{text}: {truth} read {read}")
            self.confusions[truth, read] += 1

    def line(self) -> str:
        """Rows, share answered and share of correct answers."""
        answered = 100 * self.answered / self.rows if self.rows else 0.0
        right = 100 * self.right / self.answered if self.answered else 0.0
        return (
            f"{self.name:<34}{self.rows:>7} rows {self.answered:>7} answered ({answered:6.2f} %) "
            f"{self.right:>7} right ({right:6.2f} % of the answers)"
        )


def measure(path: Path, gazetteer: Gazetteer) -> tuple[Group, Group]:
    """Return the group with a county's full name and the group without."""
    named, others = Group("a current county's full name"), Group("others")
    divisions = gazetteer.divisions.values()
    cities = [d.name.removesuffix("市") for d in divisions if d.level == "city"]
    counties = [d.name for d in divisions if d.level == "county"]
    names = {d.code[:4]: d.name[:-1] for d in divisions if d.level == "city"}
    for text, truth in _rows(path):
        if truth not in names.values() or any(city in text for city in cities):
            continue
        group = named if any(county in text for county in counties) else others
        read = names.get(parse(text, gazetteer).division[:4], "")
        group.add(text, truth, read)
    return named, others


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["address"], row["prefecture"]
