"""Which steps a work item and its address allow in their states."""

from address_model.codes import format_code
from address_model.work import WORK_STATE_NAMES, WorkKind, WorkState, may_work_become
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow
from service.core.errors import Conflict
from service.worklists.queries import WorkRow


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
