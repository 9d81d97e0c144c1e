"""Why rows of lists are refused: a code to count by, a Chinese sentence, its hint, its English.

The sentences stand in ``rules.csv`` beside this file. One may quote the cell; what is counted is
the code.
"""

import csv
from enum import StrEnum
from functools import cache
from pathlib import Path

from service.core.sheets import RowFault

_TABLE = Path(__file__).with_name("rules.csv")


class Rule(StrEnum):
    """The kinds of faults of rows, by codes that never change."""

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
        """The fault of a row's field (empty: the whole row), its sentences filled in."""
        told = _sentences()[self]
        reason = (told["reason"] or told["summary"]).format(**values)
        return RowFault(row, field, reason, told["hint"].format(**values), self.value)

    @property
    def summary(self) -> str:
        """The sentence without what it quotes, as it stands beside a count."""
        return _sentences()[self]["summary"]

    @property
    def english(self) -> str:
        """The English twin of the summary."""
        return _sentences()[self]["english"]


def rule_of(fault: RowFault) -> Rule:
    """The rule of a fault; those of the sheet itself have none of their own."""
    return Rule(fault.rule or Rule.UNREADABLE)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
