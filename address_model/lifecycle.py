"""The states of addresses, plates and batches, and the transitions between them.

Addresses: 待建 → 有效 → 冻结 → 待替换 → 替换 | 消亡 | 无效, as in a police address library.
Plates: 待制作 → 制作中 → 待安装 → 在用 → 破损/遗失 → 已换 | 注销.
"""

from enum import StrEnum


class AddressStatus(StrEnum):
    """The state of an address."""

    PLANNED = "planned"
    ACTIVE = "active"
    FROZEN = "frozen"
    TO_REPLACE = "to_replace"
    REPLACED = "replaced"
    RETIRED = "retired"
    INVALID = "invalid"


class PlateStatus(StrEnum):
    """The state of a physical plate."""

    TO_MAKE = "to_make"
    MAKING = "making"
    TO_INSTALL = "to_install"
    IN_USE = "in_use"
    DAMAGED = "damaged"
    LOST = "lost"
    REPLACED = "replaced"
    VOID = "void"


class BatchStatus(StrEnum):
    """The state of a batch of plates (批次).

    A batch chosen as a list begins as a draft; one whose plates are issued at once (all missing
    plates, replacements, blank plates) is issued from the start.
    """

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    RUNNING = "running"
    BLOCKED = "blocked"
    PROVEN = "proven"
    READY = "ready"
    CANCELLED = "cancelled"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"


A, P, B = AddressStatus, PlateStatus, BatchStatus

ADDRESS_TRANSITIONS: dict[AddressStatus, frozenset[AddressStatus]] = {
    A.PLANNED: frozenset({A.ACTIVE, A.INVALID}),
    A.ACTIVE: frozenset({A.FROZEN, A.TO_REPLACE, A.REPLACED, A.RETIRED, A.INVALID}),
    A.FROZEN: frozenset({A.ACTIVE, A.TO_REPLACE, A.REPLACED, A.RETIRED, A.INVALID}),
    A.TO_REPLACE: frozenset({A.ACTIVE, A.REPLACED, A.RETIRED}),
    A.REPLACED: frozenset(),
    A.RETIRED: frozenset(),
    A.INVALID: frozenset(),
}

PLATE_TRANSITIONS: dict[PlateStatus, frozenset[PlateStatus]] = {
    P.TO_MAKE: frozenset({P.MAKING, P.VOID}),
    P.MAKING: frozenset({P.TO_MAKE, P.TO_INSTALL, P.VOID}),
    P.TO_INSTALL: frozenset({P.IN_USE, P.DAMAGED, P.LOST, P.REPLACED, P.VOID}),
    P.IN_USE: frozenset({P.DAMAGED, P.LOST, P.REPLACED, P.VOID}),
    P.DAMAGED: frozenset({P.IN_USE, P.LOST, P.REPLACED, P.VOID}),
    P.LOST: frozenset({P.IN_USE, P.DAMAGED, P.REPLACED, P.VOID}),
    P.REPLACED: frozenset(),
    P.VOID: frozenset(),
}

CHECK_IN_RETURNS: dict[PlateStatus, frozenset[PlateStatus]] = {
    P.IN_USE: frozenset({P.TO_INSTALL, P.DAMAGED, P.LOST}),
    P.DAMAGED: frozenset({P.TO_INSTALL, P.IN_USE, P.LOST}),
    P.LOST: frozenset({P.TO_INSTALL, P.IN_USE, P.DAMAGED}),
} | dict.fromkeys((P.TO_MAKE, P.MAKING, P.TO_INSTALL, P.REPLACED, P.VOID), frozenset())
"""The states to which a plate goes back when an officer refuses the check-in that set its state.

These are no steps of its life: the check-in is taken as if it had not been made."""

BATCH_TRANSITIONS: dict[BatchStatus, frozenset[BatchStatus]] = {
    B.DRAFT: frozenset({B.AWAITING_APPROVAL, B.APPROVED, B.CANCELLED}),
    B.AWAITING_APPROVAL: frozenset({B.APPROVED, B.DRAFT, B.CANCELLED}),
    B.APPROVED: frozenset({B.RUNNING, B.CANCELLED}),
    B.RUNNING: frozenset({B.PROVEN, B.BLOCKED, B.CANCELLED}),
    B.BLOCKED: frozenset({B.RUNNING, B.CANCELLED}),
    B.PROVEN: frozenset({B.READY, B.BLOCKED, B.CANCELLED}),
    B.READY: frozenset({B.HANDED_OVER, B.RUNNING}),
    B.CANCELLED: frozenset(),
    B.ISSUED: frozenset({B.HANDED_OVER}),
    B.HANDED_OVER: frozenset({B.RECEIVED}),
    B.RECEIVED: frozenset(),
}
"""Approval precedes the first token; a batch sent back (退回) is a draft again.

A batch that is ready goes to the maker and back, or its files are made again before."""

ADDRESS_STATUS_NAMES = dict(
    zip(AddressStatus, ("待建", "有效", "冻结", "待替换", "替换", "消亡", "无效"), strict=True)
)
PLATE_STATUS_NAMES = dict(
    zip(
        PlateStatus,
        ("待制作", "制作中", "待安装", "在用", "破损", "遗失", "已换", "注销"),
        strict=True,
    )
)

BATCH_STATUS_NAMES = dict(
    zip(
        BatchStatus,
        (
            "草稿",
            "待审批",
            "已批准",
            "生成文件",
            "受阻",
            "已校验",
            "可交付",
            "已取消",
            "已发号",
            "已交制作",
            "已收货",
        ),
        strict=True,
    )
)


GONE = frozenset({A.REPLACED, A.RETIRED, A.INVALID})
"""The states that an address never leaves."""

ENDED = frozenset({P.REPLACED, P.VOID})
"""The states that a plate never leaves."""

MAKING_WALK = (P.TO_MAKE, P.MAKING, P.TO_INSTALL, P.IN_USE)
"""The states of a new plate on its way to the wall; each step is a legal transition."""

NOT_HUNG = MAKING_WALK[:-1]
"""The states of a plate before it is first hung."""

WITH_FILES = (B.READY, B.HANDED_OVER, B.RECEIVED)
"""The states in which the files of a batch with a list exist."""


def may_address_become(before: AddressStatus, after: AddressStatus) -> bool:
    """Whether an address may go directly from one state to another."""
    return after in ADDRESS_TRANSITIONS[before]


def may_plate_become(before: PlateStatus, after: PlateStatus) -> bool:
    """Whether a plate may go directly from one state to another."""
    return after in PLATE_TRANSITIONS[before]


def may_batch_become(before: BatchStatus, after: BatchStatus) -> bool:
    """Whether a batch may go directly from one state to another."""
    return after in BATCH_TRANSITIONS[before]
