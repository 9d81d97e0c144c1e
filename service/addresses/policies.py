"""The rules for changing an address in a given state."""

from address_model.codes import format_code
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    ADDRESS_TRANSITIONS,
    GONE,
    AddressStatus,
    may_address_become,
)
from service.addresses.queries import AddressRow
from service.core.errors import Conflict


def is_gone(address: AddressRow) -> bool:
    """Whether the address has ended: replaced, retired or invalid."""
    return AddressStatus(address.status) in GONE


def require_changeable(address: AddressRow) -> None:
    """Refuse to change the text or the point of an address that is frozen or gone.

    Raises:
        Conflict: it is frozen or gone.
    """
    if is_gone(address) or address.status == AddressStatus.FROZEN:
        hint = "unfreeze it first" if address.status == AddressStatus.FROZEN else _remedy(address)
        raise Conflict(
            f"{_shown(address)} is {_state(address)} and cannot be changed",
            hint=hint,
            zh=f"{_shown(address)} 的状态是“{_state(address)}”，不能改动。{_advice(address)}",
        )


def require_transition(address: AddressRow, after: AddressStatus) -> None:
    """Refuse a transition that the state table does not allow.

    Raises:
        Conflict: the transition table has no such step.
    """
    before = AddressStatus(address.status)
    if not may_address_become(before, after):
        steps = "、".join(ADDRESS_STATUS_NAMES[s] for s in sorted(ADDRESS_TRANSITIONS[before]))
        raise Conflict(
            f"{_shown(address)} is {_state(address)} and cannot become "
            f"{ADDRESS_STATUS_NAMES[after]}",
            hint=f"from here it may become {steps}" if steps else _remedy(address),
            zh=f"{_shown(address)} 的状态是“{_state(address)}”，"
            f"不能改为“{ADDRESS_STATUS_NAMES[after]}”。"
            + (f"可以改为：{steps}。" if steps else _advice(address)),
        )


def require_successor(address: AddressRow, successor: AddressRow) -> None:
    """Refuse a successor that is the address itself or has ended.

    As only living addresses may succeed and ended ones never return, chains of successors cannot
    be circular.

    Raises:
        Conflict: it may not succeed.
    """
    if successor.code == address.code:
        raise Conflict(
            f"{_shown(address)} cannot succeed itself",
            hint="give another code",
            zh="一个地址不能接续它自己，请填另一个地址。",
        )
    if is_gone(successor):
        raise Conflict(
            f"the successor {_shown(successor)} is itself {_state(successor)}",
            hint=_remedy(successor),
            zh=f"{_shown(successor)} 的状态也是“{_state(successor)}”，不能接续。"
            + _advice(successor),
        )


def _shown(address: AddressRow) -> str:
    return f"{format_code(address.code)} {address.standard_text}"


def _state(address: AddressRow) -> str:
    return ADDRESS_STATUS_NAMES[AddressStatus(address.status)]


def _advice(address: AddressRow) -> str:
    """What to do instead, in Chinese."""
    if address.status == AddressStatus.FROZEN:
        return "请先解冻。"
    if address.successor_code:
        return f"请用接续它的 {format_code(address.successor_code)}。"
    return "已终止的地址不能恢复，请登记新地址。"


def _remedy(address: AddressRow) -> str:
    if address.successor_code:
        return f"use its successor {format_code(address.successor_code)}"
    return "an ended address never returns; register a new address"
