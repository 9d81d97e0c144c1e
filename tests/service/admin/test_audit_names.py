"""Every action of the audit chain has a Chinese name on the page of the auditor."""

import ast
import re
from collections.abc import Iterator

import pytest

from scripts.prose import HAN
from service.admin.audit_names import RESOURCES, find_action, name_action, name_details
from tests.architecture.source_tree import ROOT

ACTION = re.compile(r"([a-z_]+):([a-z_]+)")


def recorded_actions() -> Iterator[str]:
    """The literal actions that the source hands to the chain."""
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "action":
                for text in ast.walk(node.value):
                    value = getattr(text, "value", None)
                    if isinstance(value, str) and ACTION.fullmatch(value):
                        yield value


def test_every_action_has_a_chinese_name() -> None:
    actions = set(recorded_actions())
    assert len(actions) > 50
    named = {action: name_action(action) for action in actions}
    assert not {a: n for a, n in named.items() if re.search(r"[a-z]", n) or not HAN.search(n)}
    assert all(action.partition(":")[0] in RESOURCES for action in actions)


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("addresses:correct", "更正地址"),
        ("plates:in_use", "门牌转为在用"),
        ("batches:send_back", "退回批次"),
        ("accounts:disable", "停用账号"),
    ],
)
def test_an_action_is_found_by_its_chinese_name(action: str, name: str) -> None:
    assert name_action(action) == name
    assert find_action(name) == action
    assert find_action(action) == action


def test_an_unknown_action_stays_readable_and_details_are_in_chinese() -> None:
    assert name_action("nothing:else") == "nothing else"
    assert list(name_details({"after": "in_use", "other": 3})) == ["改为：在用", "other：3"]
