"""The Chinese words of reports at the desk: levels, and what was done about one."""

from collections.abc import Callable, Mapping
from typing import Any

from address_model.reports import (
    FEEDBACK_NAMES,
    KIND_NAMES,
    STATE_NAMES,
    Feedback,
    ReportKind,
    ReportState,
)

LEVEL_NAMES: Mapping[int, str] = {5: "村（社区）", 4: "乡镇（街道）", 3: "县（市、区）"}
"""By the level of divisions that a report has risen to."""

TONES = {ReportState.RECEIVED: "warn", ReportState.ASSIGNED: "warn", ReportState.DONE: "good"}

Detail = Mapping[str, Any]
ACTS: Mapping[str, Callable[[Detail], str]] = {
    "reports:file": lambda detail: (
        f"居民报告：{KIND_NAMES[ReportKind(detail['kind'])]}"
        + (f"，与 {detail['joined_to']} 同一件" if detail.get("joined_to") else "")
    ),
    "reports:assign": lambda detail: f"派给{detail['to']}" if detail.get("to") else "取消指派",
    "reports:answer": lambda detail: (
        f"答复“{STATE_NAMES[ReportState(detail['after'])]}”：{detail.get('answer', '')}"
    ),
    "reports:feedback": lambda detail: (
        f"居民说“{FEEDBACK_NAMES[Feedback(detail['feedback'])]}”"
        + ("，重新办理" if detail.get("work_item") else "")
    ),
    "reports:join": lambda detail: f"并入 {detail['to']}",
    "reports:open": lambda _: "工单重开，收回答复",
    "reports:rise": lambda detail: f"逾期没有答复，升到{LEVEL_NAMES[int(detail['level'])]}",
    "reports:refer": lambda detail: (
        f"据此办理：{detail['act']}"
        + (f"，“{detail['before']}”改为“{detail['after']}”" if detail.get("after") else "")
    ),
    "reports:clear": lambda _: "到期清除居民写的内容和照片",
}
"""By the action of the audit chain."""


def tell_act(action: str, detail: Detail) -> str:
    """One act about a report in Chinese."""
    told = ACTS.get(action)
    return told(detail) if told else action
