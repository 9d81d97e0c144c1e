"""Which steps a work item and its address allow in their states."""

from dataclasses import dataclass

from address_model.codes import format_code
from address_model.work import WORK_STATE_NAMES, WorkKind, WorkState, may_work_become
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow
from service.core.errors import Conflict
from service.worklists.queries import Worker, WorkRow

UNKNOWN = "没有这件工单，或不在您负责的区划内"


@dataclass(frozen=True, slots=True)
class PickedItem:
    """One of many items that are changed together, as it stands, and the version that was seen."""

    version: int
    state: str
    division: str
    seen: int


def find_obstacle(item: PickedItem, scopes: tuple[str, ...], worker: Worker | None) -> str:
    """Why an item is left as it is when many are changed together, in Chinese; "" if nothing.

    ``scopes`` are the beginnings of the divisions of whoever changes them, ``worker`` who is to get
    them.
    """
    if not item.division.startswith(scopes):
        return UNKNOWN
    if item.state != WorkState.OPEN:
        return WORK_STATE_NAMES[WorkState(item.state)]
    if item.version != item.seen:
        return "刚刚有人改过"
    if worker is not None and not worker.works_in(item.division):
        return f"不在{worker.title}负责的区划内"
    return ""


def require_work_transition(item: WorkRow, after: WorkState) -> None:
    """Refuse a state that may not follow the present one.

    Raises:
        Conflict: the transition table has no such step.
    """
    before = WorkState(item.state)
    if not may_work_become(before, after):
        raise Conflict(
            f"work item {item.id} is {WORK_STATE_NAMES[before]}",
            hint="reopen it first" if before is not WorkState.OPEN else "there is nothing to do",
        )


def require_work_at(address: AddressRow, kind: WorkKind) -> None:
    """Refuse to send a crew to an address that has ended, unless to take its plate down.

    Raises:
        Conflict: it has ended.
    """
    if is_gone(address) and kind is not WorkKind.TAKE_DOWN:
        raise Conflict(
            f"地址 {format_code(address.code)} {address.standard_text} 已终止，不再开工单",
            hint="用 `menpai codes explain` 查看接替它的地址，在那里开工单",
        )


def require_open(item: WorkRow) -> None:
    """Refuse to give out or put off what is closed.

    Raises:
        Conflict: it is done or cancelled.
    """
    if item.state != WorkState.OPEN:
        raise Conflict(
            f"work item {item.id} is {WORK_STATE_NAMES[WorkState(item.state)]}",
            hint="reopen it first",
        )


def require_worker(worker: Worker | None, name: str, division: str = "") -> None:
    """Refuse to give work to somebody who does not do any in a division (12 digits; "" anywhere).

    Raises:
        Conflict: the account of this name is disabled, has no role of a crew, or has it elsewhere.
    """
    if worker is None or not worker.works_in(division or worker.prefixes[0]):
        raise Conflict(
            f"{name} has no role to work at plates there",
            hint="give the account the role crew in the division first",
            zh="这个人在工单所在的区划内没有现场权限，请另选一人，或请管理员先授予角色。",
            field="assignee",
        )
