"""Work items (工单) for people: kinds, states, and days allowed."""

from enum import StrEnum


class WorkKind(StrEnum):
    """The kind of a work item."""

    INSTALL = "install"
    REPLACE = "replace"
    INSPECT = "inspect"
    REPAIR = "repair"
    TAKE_DOWN = "take_down"
    REPORT = "report"
    ALARM = "alarm"


class WorkState(StrEnum):
    """The state of a work item."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


WORK_TRANSITIONS: dict[WorkState, frozenset[WorkState]] = {
    WorkState.OPEN: frozenset({WorkState.DONE, WorkState.CANCELLED}),
    WorkState.DONE: frozenset({WorkState.OPEN}),
    WorkState.CANCELLED: frozenset({WorkState.OPEN}),
}

_KIND_NAMES = ("安装", "更换", "巡查", "维修", "取下", "核实", "查疑")
WORK_KIND_NAMES = dict(zip(WorkKind, _KIND_NAMES, strict=True))
WORK_STATE_NAMES = dict(zip(WorkState, ("待办", "已完成", "已取消"), strict=True))

OUTCOMES = ("已按要求办好", "现场已有门牌", "现场没有问题", "找不到现场", "住户不同意")
"""What closes an item, beside a note of one's own; the list of the form 办结."""

CANCEL_REASONS = ("重复开单", "开单有误", "另有安排")
"""Why an item is not needed; the list of the form 取消."""

REOPEN_REASONS = ("没有办好", "误办结", "误取消")
"""Why a closed item is opened again; the list of the form 重开."""

DAYS_ALLOWED = {
    WorkKind.INSTALL: 15,
    WorkKind.REPLACE: 30,
    WorkKind.INSPECT: 365,
    WorkKind.REPAIR: 7,
    WorkKind.TAKE_DOWN: 30,
    WorkKind.REPORT: 7,
    WorkKind.ALARM: 5,
}
"""Default number of calendar days from opening an item to its due day."""


def may_work_become(before: WorkState, after: WorkState) -> bool:
    """Whether a work item may go from one state to another."""
    return after in WORK_TRANSITIONS[before]
