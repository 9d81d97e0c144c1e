"""The draft of a parse: the normal text, what is claimed of it, and what is still open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from address_model.divisions import Division
from address_model.elements import Numbered
from address_model.gazetteer import Gazetteer
from address_model.normal_form import NormalText
from address_model.parsing.result import LEVELS

MARKS = {level: chr(0xE000 + index) for index, level in enumerate(LEVELS)}
"""In the open text a claimed character is replaced by the mark of its level (a private-use
character, which no normal text contains), so that a rule's pattern sees what stands around it."""

INNER = frozenset({"number", "building", "unit", "floor", "room"})
"""The levels that count what stands at or behind a door."""

ANY_MARK = f"{MARKS[LEVELS[0]]}-{MARKS[LEVELS[-1]]}"

_RARE = re.compile("[\u3400-\u4dbf\u9fa6-\u9fff\U00020000-\U0003ffff]")
"""Characters of names that no pattern lists; the open text has a common one in their place."""

_ALL_MARKS = "".join(MARKS.values())
_end = attrgetter("end")


def marks(*levels: str) -> str:
    """The marks of some levels, to be put inside a character class."""
    return "".join(MARKS[level] for level in levels)


@dataclass(slots=True)
class Claim:
    """A stretch of the normal text that a rule has read. It never changes: drafts share some."""

    start: int
    end: int
    level: str
    value: Numbered | None = None
    values: tuple[Numbered, ...] = ()
    """All that a list or a range names, ``value`` first."""


@dataclass(slots=True)
class Draft:
    """The working state that the rules share."""

    normal: NormalText
    gazetteer: Gazetteer
    text: str
    """The normal text that is read, with nothing taken out."""
    open: str = ""
    claims: list[Claim] = field(default_factory=list)
    division: Division | None = None
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Why a person must look; any doubt makes the verdict AMBIG."""
    levels: set[str] = field(default_factory=set)
    """The levels that were claimed so far."""

    remarks: set[int] = field(default_factory=set)
    """Where stretches begin that say nothing of the place: labels, courtesies, remarks."""

    signs: set[str] = field(default_factory=set)
    """The characters that were open when the divisions had been read; a rule whose signs are not
    among them need not look."""

    def __post_init__(self) -> None:
        self.open = _RARE.sub("某", self.text)

    def claim(
        self,
        level: str,
        start: int,
        end: int,
        value: Numbered | None = None,
        values: Sequence[Numbered] = (),
    ) -> None:
        """Read ``start`` to ``end`` as an element of a level, and close it to later rules."""
        self.claims.append(Claim(start, end, level, value, tuple(values)))
        self.levels.add(level)
        self.open = self.open[:start] + MARKS[level] * (end - start) + self.open[end:]

    def put_aside(self, start: int, end: int) -> None:
        """Close what says nothing of the place, or says again what was said."""
        self.claim("other", start, end)
        self.remarks.add(start)

    def take(self, claims: Sequence[Claim], marks: str, reasons: Sequence[str]) -> None:
        """Take over what is known of the front of the text; ``marks`` closes it."""
        self.claims += claims
        self.levels.update([claim.level for claim in claims])
        self.open = marks + self.open[len(marks) :]
        self.reasons += reasons

    def see_signs(self) -> None:
        """Note which characters are open; those that are claimed later may stay among them."""
        self.signs = set(self.open.lstrip(_ALL_MARKS))

    def has(self, *levels: str) -> bool:
        """Tell whether anything was read at one of the levels."""
        return not self.levels.isdisjoint(levels)

    def inner_before(self, place: int) -> str:
        """The level of the last number that ends before a place; empty without one."""
        known = [claim for claim in self.claims if claim.end <= place and claim.level in INNER]
        return max(known, key=_end).level if known else ""
