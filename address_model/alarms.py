"""Alarms from scans: what can be suspected of a plate, and what is found on site."""

from enum import StrEnum


class AlarmRule(StrEnum):
    """The rule that raised an alarm."""

    ENDED = "ended"
    UNHUNG = "unhung"
    COPIED = "copied"
    SILENT = "silent"
    FORGED = "forged"
    UNCONFIRMED = "unconfirmed"


ALARM_RULE_NAMES = {
    AlarmRule.ENDED: "停用后还在被扫",
    AlarmRule.UNHUNG: "没挂先被扫",
    AlarmRule.COPIED: "疑似被翻拍",
    AlarmRule.SILENT: "突然没人扫",
    AlarmRule.FORGED: "疑似伪造",
    AlarmRule.UNCONFIRMED: "联系人久未核对",
}

FINDINGS = (
    "被翻拍，已清除",
    "伪造的门牌，已拆除",
    "旧门牌没有取下，已取下",
    "门牌丢失或损坏，已报修",
    "门牌被遮挡，已清理",
    "联系人已核对",
    "现场没有问题",
    "没有查到",
)
"""What closes an alarm, beside a note of one's own; the list of the form 办结."""
