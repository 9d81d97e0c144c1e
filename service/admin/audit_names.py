"""Entries of the audit chain in Chinese: what was done, and the fields of its details."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from address_model.inspections import EVENT_NAMES
from address_model.lifecycle import ADDRESS_STATUS_NAMES, BATCH_STATUS_NAMES, PLATE_STATUS_NAMES
from service.auth.permissions import ROLE_NAMES

with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as _file:
    _, *_rows = csv.reader(_file)

RESOURCES, ACTS, DETAILS = (
    MappingProxyType({name: chinese for kind, name, chinese in _rows if kind == part})
    for part in ("resource", "act", "detail")
)
"""What an action is done to, what is done, and the fields of its details."""
STATES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "addresses": {str(state): f"转为{name}" for state, name in ADDRESS_STATUS_NAMES.items()},
        "batches": {str(state): f"转为{name}" for state, name in BATCH_STATUS_NAMES.items()},
        "accounts": {
            "begin_second_factor": "开始开通动态验证码",
            "add_second_factor": "开通动态验证码",
            "reset_second_factor": "重置动态验证码",
            "use_recovery_code": "用恢复码登录",
            "bind_identity": "绑定统一身份认证",
            "release_identity": "解除统一身份认证",
        },
        "alarms": {"raise": "提出", "close": "办结"},
        "reports": {
            "join": "并入另一件",
            "open": "收回答复",
            "refer": "据此更正",
            "rise": "升级督办",
        },
        "units": {
            "close": "撤销",
            "open_post": "增设岗位",
            "close_post": "撤销岗位",
            "appoint": "任职",
            "relieve": "离任",
        },
        "plates": {str(state): f"转为{name}" for state, name in PLATE_STATUS_NAMES.items()}
        | {str(kind): f"登记{name}" for kind, name in EVENT_NAMES.items()},
    }
)
"""Actions that are called by the state or the event they lead to."""
_VALUES = (
    {str(role): name for role, name in ROLE_NAMES.items()}
    | {str(state): name for state, name in BATCH_STATUS_NAMES.items()}
    | {str(state): name for state, name in PLATE_STATUS_NAMES.items()}
    | {str(state): name for state, name in ADDRESS_STATUS_NAMES.items()}
    | {"True": "是", "False": "否", "None": "无", "": "无"}
)


def name_action(action: str) -> str:
    """An action of the chain in Chinese, such as 更正地址; unknown words stay as they are."""
    resource, _, act = action.partition(":")
    what = RESOURCES.get(resource, resource)
    done = STATES.get(resource, {}).get(act)
    if done:
        return f"{what}{done}"
    return f"{ACTS.get(act, act)}{what}" if act in ACTS else f"{what} {act}".strip()


def find_action(typed: str) -> str:
    """The action that somebody typed, in Chinese (更正地址) or as the chain has it."""
    acts = set(ACTS) | {act for states in STATES.values() for act in states}
    known = {name_action(f"{r}:{act}"): f"{r}:{act}" for r in RESOURCES for act in sorted(acts)}
    return known.get(typed.strip(), typed.strip())


def name_details(detail: Mapping[str, object]) -> Iterator[str]:
    """The fields of an entry's details in Chinese, such as 状态：在用."""
    for key, value in detail.items():
        yield f"{DETAILS.get(key, key)}：{_VALUES.get(str(value), value)}"
