"""What a crew may record of a plate in its state, in the words of the page."""

from dataclasses import dataclass

from address_model.inspections import (
    FINDINGS,
    Finding,
    PlateEventKind,
    find_status_after,
)
from address_model.lifecycle import ENDED, NOT_HUNG, PLATE_STATUS_NAMES, PlateStatus

TONES = {
    PlateStatus.IN_USE: "good",
    PlateStatus.DAMAGED: "warn",
    PlateStatus.LOST: "warn",
    PlateStatus.REPLACED: "bad",
    PlateStatus.VOID: "bad",
}
"""How a state is coloured; what hangs nowhere yet has no colour."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to record: its sign, its words, and whether it is good news."""

    value: str
    sign: str
    label: str
    is_good: bool = False


_INSTALLED = Choice(PlateEventKind.INSTALLED, "装", "已装好", is_good=True)
_HUNG_AGAIN = Choice(PlateEventKind.INSTALLED, "装", "找到了，已重新挂好", is_good=True)
_WELL = Choice(PlateEventKind.WELL, "好", "完好，扫得出", is_good=True)
_REPAIRED = Choice(PlateEventKind.REPAIRED, "修", "已修好", is_good=True)
_CLEANED = Choice(PlateEventKind.REPAIRED, "修", "已清洁或移开遮挡", is_good=True)
_TAKEN_DOWN = Choice(PlateEventKind.REPAIRED, "取", "旧牌已取下", is_good=True)
_SHORT = {
    Finding.DUPLICATE: "重复",
    Finding.WRONG: "挂错",
    Finding.MISSING: "漏挂",
    Finding.DAMAGED: "磨损",
    Finding.BROKEN: "破裂",
    Finding.LOST: "遗失",
    Finding.COVERED: "遮挡",
}
_ORDER = (
    Finding.BROKEN,
    Finding.DAMAGED,
    Finding.LOST,
    Finding.COVERED,
    Finding.WRONG,
    Finding.DUPLICATE,
    Finding.MISSING,
)


def list_choices(status: PlateStatus) -> list[Choice]:
    """What may be recorded of a plate in this state, the usual thing first."""
    good = [_WELL, _CLEANED]
    if status in NOT_HUNG:
        good = [_INSTALLED]
    elif status is PlateStatus.DAMAGED:
        good = [_REPAIRED]
    elif status is PlateStatus.LOST:
        good = [_HUNG_AGAIN]
    elif status in ENDED:
        good = [_TAKEN_DOWN]
    found = [finding for finding in _ORDER if find_status_after(finding, status) is not None]
    return good + [_choice_of(finding, status) for finding in found]


def _choice_of(finding: Finding, status: PlateStatus) -> Choice:
    rule = FINDINGS[finding]
    label = "旧牌还挂着，应当取下" if status in ENDED else _SHORT[finding]
    return Choice(str(finding), rule.sign, label)


def state_words(status: PlateStatus) -> tuple[str, str]:
    """The name of a state and its colour."""
    return PLATE_STATUS_NAMES[status], TONES.get(status, "")
