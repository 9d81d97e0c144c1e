"""The events a crew may record for a plate in a given state, with their labels."""

from dataclasses import dataclass

from address_model.inspections import (
    FINDINGS,
    Finding,
    PlateEventKind,
    find_status_after,
)
from address_model.lifecycle import ENDED, NOT_HUNG, PLATE_STATUS_NAMES, PlateStatus
from address_model.plate_standing import Standing

TONES = {
    PlateStatus.IN_USE: "good",
    PlateStatus.DAMAGED: "warn",
    PlateStatus.LOST: "warn",
    PlateStatus.REPLACED: "bad",
    PlateStatus.VOID: "bad",
}
"""The colour class of each state; states before installation have none."""


@dataclass(frozen=True, slots=True)
class CrewChoice:
    """One choice of the form: value, icon character, label, and whether it is good news."""

    value: str
    sign: str
    label: str
    is_good: bool = False


_INSTALLED = CrewChoice(PlateEventKind.INSTALLED, "装", "已装好", is_good=True)
_HUNG_AGAIN = CrewChoice(PlateEventKind.INSTALLED, "装", "找到了，已重新挂好", is_good=True)
_WELL = CrewChoice(PlateEventKind.WELL, "好", "完好，扫得出", is_good=True)
_REPAIRED = CrewChoice(PlateEventKind.REPAIRED, "修", "已修好", is_good=True)
_CLEANED = CrewChoice(PlateEventKind.REPAIRED, "修", "已清洁或移开遮挡", is_good=True)
_TAKEN_DOWN = CrewChoice(PlateEventKind.REPAIRED, "取", "旧牌已取下", is_good=True)
_BROUGHT_BACK = CrewChoice(PlateEventKind.TAKEN_DOWN, "回", "没有挂，已带回", is_good=True)
_TAKEN_AWAY = CrewChoice(PlateEventKind.TAKEN_DOWN, "取", "已取下，带回", is_good=True)
_NOT_FOUND = CrewChoice(str(Finding.LOST), FINDINGS[Finding.LOST].sign, "没有找到")
HANGABLE = (*NOT_HUNG, PlateStatus.DAMAGED, PlateStatus.LOST)
"""The states in which a plate can be hung, again or for the first time."""
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


def list_choices(status: PlateStatus, standing: Standing = Standing.SOUND) -> list[CrewChoice]:
    """The choices for a plate in this state, the most usual first.

    A plate of an ended address can only be taken back or reported as not found.
    """
    if standing is Standing.ADDRESS_ENDED and status not in ENDED:
        back = _BROUGHT_BACK if status in NOT_HUNG else _TAKEN_AWAY
        may_be_lost = find_status_after(Finding.LOST, status) is PlateStatus.LOST
        return [back, _NOT_FOUND] if may_be_lost and status is not PlateStatus.LOST else [back]
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
    still_hung = "旧牌还挂着，应当取下" if status in ENDED else ""
    return good + [
        CrewChoice(str(finding), FINDINGS[finding].sign, still_hung or _SHORT[finding])
        for finding in found
    ]


def state_words(status: PlateStatus) -> tuple[str, str]:
    """The Chinese name of a state and its colour class."""
    return PLATE_STATUS_NAMES[status], TONES.get(status, "")
