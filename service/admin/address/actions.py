"""The actions on the page of an address, and which of them its state allows."""

from address_model.lifecycle import AddressStatus, may_address_become
from service.addresses.commands.building_entry import BUILT_ON
from service.addresses.commands.renumberings import NUMBERED
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow
from service.admin.address.action_form import ActionKind
from service.admin.address.building_action import build
from service.admin.address.end_actions import freeze, merge, retire, split, unfreeze
from service.admin.address.position_actions import set_entrance, withdraw_entrance
from service.admin.address.text_actions import add_name, correct, identify, move, renumber

NAME_CHOICES = {"alias": "别名", "former": "曾用名", "department": "部门用名"}
ACTIONS = {
    kind.name: kind
    for kind in (
        ActionKind("correct", "更正", "text", correct, looks=True, counts=True),
        ActionKind("move", "移动", "lon", move, looks=True),
        ActionKind("renumber", "改号", "numbers", renumber, looks=True, counts=True),
        ActionKind("build", "成栋登记", "rooms", build, looks=True, counts=True, adds=True),
        ActionKind("entrance", "设置出入口", "lon", set_entrance, touches=False),
        ActionKind(
            "withdraw", "撤销出入口", "spot", withdraw_entrance, is_listed=False, touches=False
        ),
        ActionKind("freeze", "冻结", "reason", freeze),
        ActionKind("unfreeze", "解冻", "reason", unfreeze),
        ActionKind("retire", "注销", "other", retire, looks=True, counts=True, is_grave=True),
        ActionKind("merge", "合并", "other", merge, looks=True, counts=True, is_grave=True),
        ActionKind("split", "拆分", "parts", split, looks=True, counts=True, is_grave=True),
        ActionKind("name", "加名称", "text", add_name, touches=False),
        ActionKind("identify", "加标识", "value", identify, touches=False),
    )
}
_BECOMES = {
    "freeze": AddressStatus.FROZEN,
    "retire": AddressStatus.RETIRED,
    "merge": AddressStatus.REPLACED,
    "split": AddressStatus.REPLACED,
}


def list_actions(address: AddressRow) -> list[ActionKind]:
    """The actions that the state of an address allows."""
    status = AddressStatus(address.status)
    is_frozen = status is AddressStatus.FROZEN
    allowed = {"name", "identify"}
    if not is_gone(address) and not is_frozen:
        allowed |= {"correct", "move", "entrance", "withdraw"}
        if address.level in NUMBERED:
            allowed.add("renumber")
        if address.level in BUILT_ON:
            allowed.add("build")
    if is_frozen:
        allowed.add("unfreeze")
    allowed |= {name for name, after in _BECOMES.items() if may_address_become(status, after)}
    if may_address_become(status, AddressStatus.INVALID):
        allowed.add("retire")
    return [kind for name, kind in ACTIONS.items() if name in allowed]
