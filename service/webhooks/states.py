"""The states of webhooks and of what they send, with their Chinese names."""

from collections.abc import Mapping
from enum import StrEnum

MOST_ATTEMPTS = 10
"""After so many, about 16 hours, a message is given up, and the next one is tried."""


class HookState(StrEnum):
    """The state of a webhook: people pause it, the sender stops it."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class StopReason(StrEnum):
    """Why the sender has stopped a webhook."""

    GONE = "gone"
    FAILING = "failing"
    FORGOTTEN = "forgotten"


class MessageKind(StrEnum):
    """What a message is: changes of the register, or a try."""

    CHANGES = "changes"
    PING = "ping"


class DeliveryState(StrEnum):
    """The state of a message; ``dead`` is given up until somebody sends it again."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


STATE_NAMES: Mapping[HookState, str] = {
    HookState.ACTIVE: "推送中",
    HookState.PAUSED: "已停用",
    HookState.STOPPED: "自动停用",
}
STOP_NAMES: Mapping[StopReason, str] = {
    StopReason.GONE: "对方答复不再接收（410）",
    StopReason.FAILING: "连续十天送不到",
    StopReason.FORGOTTEN: "要送的变更流水已过保留期",
}
DELIVERY_NAMES: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "待投递",
    DeliveryState.DELIVERED: "已送达",
    DeliveryState.DEAD: "未送达",
}
