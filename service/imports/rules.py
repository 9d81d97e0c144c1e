"""The rules that refuse rows: a stable code, a Chinese sentence, its hint, and its English.

The sentences are in ``rules.csv`` next to this file and may quote the cell; reports count codes.
"""

import csv
from enum import StrEnum
from functools import cache
from pathlib import Path

from service.core.sheets import RowFault

_TABLE = Path(__file__).with_name("rules.csv")


class Rule(StrEnum):
    """The kinds of row faults; their codes never change."""

    UNREADABLE = "row-unreadable"
    TOO_LONG = "cell-too-long"
    FORMULA = "formula"
    ERROR_VALUE = "error-value"
    DATE = "date-cell"
    ROUNDED = "rounded-number"
    PERSONAL = "personal-number"
    NO_ADDRESS = "no-address"
    NO_PLATE = "no-plate"
    NO_NAME = "name-pending"
    UNCLEAR = "unclear-text"
    COUNTY_UNCLEAR = "county-unclear"
    SEVERAL = "several-plates"
    SEVERAL_ABOVE = "several-above"
    CONNECTED = "connected-range"
    NUMBER_UNCLEAR = "unclear-number"
    ANNEX = "annex-without-number"
    UNIT_ALONE = "unit-without-building"
    NAME_NUMBER = "number-behind-name"
    TWO_ROADS = "two-roads"
    THING_ALONE = "thing-without-kind"
    THING_UNKNOWN = "thing-unknown"
    THING_BARE = "thing-without-number"
    THING_AS_DOOR = "thing-as-door"
    THING_UNREAD = "thing-unread"
    COLUMNS_DISAGREE = "columns-disagree"
    DIVISION_UNKNOWN = "division-unknown"
    DIVISIONS_DISAGREE = "divisions-disagree"
    OUTSIDE = "outside-division"
    ABROAD = "outside-register"
    BEYOND = "address-of-another-division"
    POINT_HALF = "point-half"
    POINT_NUMBER = "point-no-number"
    POINT_EXCHANGED = "point-exchanged"
    POINT_ZERO = "point-zero"
    POINT_METRES = "point-metres"
    POINT_ABROAD = "point-abroad"
    POINT_FAR = "point-outside-county"
    CODE_WRONG = "code-wrong"
    CODE_UNKNOWN = "code-unknown"
    CODE_ELSEWHERE = "code-of-another-county"
    CODE_TAKEN = "code-taken"
    TEXT_TAKEN = "text-taken"
    IDENTIFIER_TAKEN = "identifier-taken"
    MEETS_CHANGE = "meets-change"
    ENDED = "text-of-ended"
    RENAMED = "text-renamed"
    OTHER_NAME = "text-other-name"
    LOCKED = "address-locked"
    FAR = "same-but-far"
    OTHER_GATE = "other-gate"
    PLACE_UNCLEAR = "place-unclear"
    NOT_STORED = "not-stored"

    def fault(self, row: int, field: str, **values: object) -> RowFault:
        """The fault of a row's field (empty: the whole row), with its sentences filled in."""
        sentence = _sentences()[self]
        reason = (sentence["reason"] or sentence["summary"]).format(**values)
        return RowFault(row, field, reason, sentence["hint"].format(**values), self.value)

    @property
    def summary(self) -> str:
        """The sentence without quoted cells, as shown next to a count."""
        return _sentences()[self]["summary"]

    @property
    def is_conflict(self) -> bool:
        """Whether the row is well written, but the register says something else (冲突)."""
        return self in _CONFLICTS

    @property
    def example(self) -> RowFault:
        """A fault of no row, in which "…" stands for what would be quoted."""
        sentence = _sentences()[self]
        reason = (sentence["reason"] or sentence["summary"]).format_map(_Quoted())
        return RowFault(0, "", reason, sentence["hint"].format_map(_Quoted()), self.value)

    @property
    def english(self) -> str:
        """The summary in English."""
        return _sentences()[self]["english"]


_CONFLICTS = frozenset(
    {
        Rule.BEYOND,
        Rule.CODE_TAKEN,
        Rule.TEXT_TAKEN,
        Rule.IDENTIFIER_TAKEN,
        Rule.MEETS_CHANGE,
        Rule.ENDED,
        Rule.RENAMED,
        Rule.OTHER_NAME,
        Rule.LOCKED,
        Rule.FAR,
        Rule.OTHER_GATE,
    }
)


class _Quoted(dict[str, "_Quoted"]):
    """Any value of a sentence, shown as "…" in whatever format."""

    def __missing__(self, _: str) -> "_Quoted":
        return self

    def __format__(self, _: str) -> str:
        return "…"


def rule_of(fault: RowFault) -> Rule:
    """The rule of a fault; faults of the sheet itself count as unreadable rows."""
    return Rule(fault.rule or Rule.UNREADABLE)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
