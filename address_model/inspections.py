"""Findings and events of a plate on the wall, and their consequences: state, and work for a crew.

The findings are those of the yearly check «重、错、漏、损、破» (Wuhan: officers walk with a list of
plates and repair what they find), and two that crews report: lost (遗失) and covered (遮挡).
"""

from dataclasses import dataclass
from enum import StrEnum

from address_model.lifecycle import (
    CHECK_IN_RETURNS,
    ENDED,
    NOT_HUNG,
    PlateStatus,
    may_plate_become,
)
from address_model.work import WorkKind


class Finding(StrEnum):
    """What is wrong with a plate."""

    DUPLICATE = "duplicate"
    WRONG = "wrong"
    MISSING = "missing"
    DAMAGED = "damaged"
    BROKEN = "broken"
    LOST = "lost"
    COVERED = "covered"


class PlateEventKind(StrEnum):
    """The events of a plate: hung, inspected with or without findings, repaired, replaced …"""

    INSTALLED = "installed"
    BOUND = "bound"
    WELL = "well"
    DUPLICATE = "duplicate"
    WRONG = "wrong"
    MISSING = "missing"
    DAMAGED = "damaged"
    BROKEN = "broken"
    LOST = "lost"
    COVERED = "covered"
    REPAIRED = "repaired"
    TAKEN_DOWN = "taken_down"
    ORDERED = "ordered"
    REPLACED = "replaced"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class FindingRule:
    """The consequences of a finding: the sign crews write, the new state if any, the work."""

    sign: str
    name: str
    after: PlateStatus | None
    work: WorkKind


FINDINGS: dict[Finding, FindingRule] = {
    Finding.DUPLICATE: FindingRule("重", "重复，应当取下", None, WorkKind.REPAIR),
    # A plate at the wrong door misleads: its page must not say "you are here".
    Finding.WRONG: FindingRule("错", "挂错或写错", PlateStatus.LOST, WorkKind.REPLACE),
    Finding.MISSING: FindingRule("漏", "该挂未挂，或已不见", PlateStatus.LOST, WorkKind.REPLACE),
    Finding.DAMAGED: FindingRule("损", "磨损、褪色，还能用", PlateStatus.DAMAGED, WorkKind.REPAIR),
    Finding.BROKEN: FindingRule("破", "破裂，无法扫码", PlateStatus.DAMAGED, WorkKind.REPLACE),
    Finding.LOST: FindingRule("失", "遗失", PlateStatus.LOST, WorkKind.REPLACE),
    Finding.COVERED: FindingRule("遮", "被遮挡", None, WorkKind.REPAIR),
}

EVENT_NAMES: dict[PlateEventKind, str] = {
    PlateEventKind.INSTALLED: "安装",
    PlateEventKind.BOUND: "绑定地址并安装",
    PlateEventKind.WELL: "巡查完好",
    PlateEventKind.REPAIRED: "修复",
    PlateEventKind.TAKEN_DOWN: "取下带回",
    PlateEventKind.ORDERED: "下单补换",
    PlateEventKind.REPLACED: "已换新牌",
    PlateEventKind.VOIDED: "注销",
} | {PlateEventKind(str(finding)): rule.name for finding, rule in FINDINGS.items()}


class CheckInAnswer(StrEnum):
    """What an officer decides about a check-in far from the register's point."""

    MOVED = "moved"
    AGAIN = "again"
    REFUSED = "refused"


CHECK_IN_ANSWERS = dict(zip(CheckInAnswer, ("属实移点", "重拍", "退回"), strict=True))

FAR_M = 50.0
"""Metres from the register's point beyond which a check-in is flagged for an officer."""


def is_far(distance_m: float | None) -> bool:
    """Whether a point is too far (metres) from the register's and needs an officer's review."""
    return distance_m is not None and distance_m > FAR_M


def find_status_after(finding: Finding, before: PlateStatus) -> PlateStatus | None:
    """The state of a plate after a finding; None when the finding is impossible in its state.

    A plate that has ended can only be found 重: it still hangs there. A plate not yet hung may be
    damaged or lost, but its absence from the wall changes nothing.
    """
    after = FINDINGS[finding].after
    if before in ENDED:
        return before if finding is Finding.DUPLICATE else None
    if after is None or after is before:
        return before
    if before in NOT_HUNG and finding in (Finding.MISSING, Finding.WRONG):
        return before
    return after if may_plate_become(before, after) else None


def find_status_returned(
    before: PlateStatus, after: PlateStatus, now: PlateStatus
) -> PlateStatus | None:
    """The state of a plate when a check-in that took it from ``before`` to ``after`` is refused.

    A plate that something else has happened to since stays as it is ``now``. None when the state
    can never be left: the plate has ended by the check-in.
    """
    if before is after or now is not after:
        return now
    former = PlateStatus.TO_INSTALL if before in NOT_HUNG else before
    return former if former in CHECK_IN_RETURNS[after] else None
