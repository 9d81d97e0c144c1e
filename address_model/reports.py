"""Reports of residents (居民报告) about plates and addresses: kinds, states, steps."""

from enum import StrEnum


class ReportKind(StrEnum):
    """What a resident says is wrong."""

    BROKEN = "broken"
    WRONG = "wrong"
    PHONE = "phone"
    PLACE = "place"
    OTHER = "other"


class ReportState(StrEnum):
    """How far a report has come."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    DONE = "done"
    UNFOUNDED = "unfounded"


class Feedback(StrEnum):
    """What its sender says of the answer; nothing before that."""

    NONE = ""
    USEFUL = "useful"
    UNSOLVED = "unsolved"


KIND_NAMES = dict(
    zip(ReportKind, ("门牌坏了", "信息不对", "电话不通", "位置不对", "其他"), strict=True)
)
STATE_NAMES = dict(zip(ReportState, ("已收到", "已派", "已办", "不属实"), strict=True))
FEEDBACK_NAMES = dict(zip(Feedback, ("", "有用", "没解决"), strict=True))

OPEN = (ReportState.RECEIVED, ReportState.ASSIGNED)
CLOSED = (ReportState.DONE, ReportState.UNFOUNDED)
REPORT_TRANSITIONS: dict[ReportState, frozenset[ReportState]] = {
    ReportState.RECEIVED: frozenset({ReportState.ASSIGNED, *CLOSED}),
    ReportState.ASSIGNED: frozenset({ReportState.RECEIVED, *CLOSED}),
    # Only its sender reopens a report, once, by saying that it is not solved.
    ReportState.DONE: frozenset({ReportState.RECEIVED}),
    ReportState.UNFOUNDED: frozenset({ReportState.RECEIVED}),
}

SOLVED_BY_NEW_PLATE = (ReportKind.BROKEN, ReportKind.WRONG, ReportKind.PLACE)
"""What a newly hung plate puts right; a telephone number stays as wrong as it was."""

LONGEST_TEXT = 200
"""Of what a resident may add in words, in characters."""

FIRST_LEVEL = 5
"""The level of divisions where reports begin: the community or village."""

HIGHEST_LEVEL = 3
"""The level where an unsolved or overdue report stops rising: the county."""


def may_report_become(before: ReportState, after: ReportState) -> bool:
    """Whether a report may go from one state to another."""
    return after in REPORT_TRANSITIONS[before]


def reason_of(number: str, kind: ReportKind) -> str:
    """A report as the reason of work or of a change; it names nobody, as anybody may read it."""
    return f"居民报告 {number}：{KIND_NAMES[kind]}"


def level_above(level: int) -> int:
    """The level that a report rises to: 5 village, 4 township, 3 county."""
    return max(HIGHEST_LEVEL, level - 1)
