"""Work items (工单) for people: kinds, states, and days allowed."""

from enum import StrEnum


class WorkKind(StrEnum):
    """The kind of a work item."""

    INSTALL = "install"
    REPLACE = "replace"
    INSPECT = "inspect"
    REPAIR = "repair"
    TAKE_DOWN = "take_down"


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

WORK_KIND_NAMES = dict(zip(WorkKind, ("安装", "更换", "巡查", "维修", "取下"), strict=True))
WORK_STATE_NAMES = dict(zip(WorkState, ("待办", "已完成", "已取消"), strict=True))

DAYS_ALLOWED = {
    WorkKind.INSTALL: 15,
    WorkKind.REPLACE: 30,
    WorkKind.INSPECT: 365,
    WorkKind.REPAIR: 7,
    WorkKind.TAKE_DOWN: 30,
}
"""Default number of calendar days from opening an item to its due day."""


def may_work_become(before: WorkState, after: WorkState) -> bool:
    """Whether a work item may go from one state to another."""
    return after in WORK_TRANSITIONS[before]
