"""What a parse hands back: elements with spans, the plates they make, a verdict and its reasons."""

from enum import StrEnum
from typing import NamedTuple

from address_model.elements import Elements
from address_model.normal_form import NormalStep

LEVELS = (
    "province", "city", "county", "township", "community", "devzone", "thoroughfare", "lane",
    "natural_village", "group", "estate", "number", "building", "unit", "floor", "room",
    "milepost", "locator", "organisation", "alias", "other", "thing",
)  # fmt: skip


class Verdict(StrEnum):
    """How many plates a text names: one, several, none, or a person must say."""

    OK = "OK"
    LIST = "LIST"
    NOPLATE = "NOPLATE"
    AMBIG = "AMBIG"


class Element(NamedTuple):
    """A stretch of the raw text and its level; ``text`` is ``raw[start:end]`` (code points)."""

    level: str
    text: str
    start: int
    end: int


class Parse(NamedTuple):
    """The reading of one text.

    ``place`` holds what all plates share, so it also says what was read when there is no plate.
    ``plates`` has one entry with verdict OK, two or more with LIST; with AMBIG the likeliest, if
    any; with NOPLATE none. ``division`` is the 12-digit code (NBS 2023) of the deepest division
    that is certain and ``county`` the first six digits of its county, both empty if unknown.
    """

    text: str
    elements: tuple[Element, ...]
    place: Elements
    plates: tuple[Elements, ...]
    verdict: Verdict
    division: str = ""
    county: str = ""
    reasons: tuple[str, ...] = ()
    steps: tuple[NormalStep, ...] = ()
