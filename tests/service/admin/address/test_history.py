"""The history of an address: every action that may stand there has its sentence."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from address_model.inspections import PlateEventKind
from address_model.lifecycle import AddressStatus
from service.admin.address.history import SENTENCES, HistoryNames, write_line
from service.admin.address.queries.history import HistoryEvent

SERVICE = Path(__file__).resolve().parents[4] / "service"
NOBODYS = {
    "codes:raise_counters": "about the counters of all counties",
    "codes:reserve": "about codes that have no address yet",
}
"""Actions of the rooms below whose subject is no single address or plate."""
WILD = {
    "addresses:{after}": {f"addresses:{status}" for status in AddressStatus},
    "plates:{kind}": {f"plates:{kind}" for kind in PlateEventKind},
}
_ACTION = re.compile(r'action=f?"((?:addresses|codes|plates|areas):[\w{}]+)"')
_RECORDED = re.compile(r"audit\.record(?:_codes)?\(")
ROOMS = ("addresses/commands", "plates/commands", "linking/commands/overrides.py", "imports")


def actions_of(room: str) -> set[str]:
    """The actions that a room records, from its source."""
    root = SERVICE / room
    files = [root] if root.is_file() else sorted(root.rglob("*.py"))
    found = {name for file in files for name in _ACTION.findall(file.read_text())}
    return {one for name in found for one in WILD.get(name, {name})}


def test_every_action_about_an_address_or_a_plate_has_its_sentence() -> None:
    recorded = {name for room in ROOMS for name in actions_of(room)}
    assert len(recorded) > 30
    assert recorded - set(SENTENCES) - set(NOBODYS) == set()
    assert set(NOBODYS) <= recorded


def test_the_naming_room_records_decisions_about_places_only() -> None:
    sources = [file.read_text() for file in (SERVICE / "naming").rglob("*.py")]
    calls = sum(len(_RECORDED.findall(source)) for source in sources)
    assert calls == sum(source.count('action=f"place_names:{decided.kind}"') for source in sources)


def event(action: str, **detail: object) -> HistoryEvent:
    at = datetime(2026, 11, 26, 2, 42, tzinfo=UTC)
    return HistoryEvent(at, 1, "staff:li.na", action, "3301027154957694", True, dict(detail))


PEOPLE = HistoryNames({"li.na": "李娜"}, {"3301021151305363": "河坊街90号"})


@pytest.mark.parametrize(
    ("action", "detail", "sentence"),
    [
        (
            "addresses:correct",
            {"before": "河坊街88弄", "after": "河坊街88号"},
            "更正：“河坊街88弄”改为“河坊街88号”",
        ),
        (
            "addresses:correct",
            {"before": "甲1号", "after": "甲1号"},
            "更正：地址文字不变，更新了“甲1号”的其他登记内容",
        ),
        (
            "addresses:move",
            {"before": None, "after": [120.1, 30.2]},
            "定位：登记位置到 120.100000, 30.200000",
        ),
        (
            "addresses:replaced",
            {"before": "active", "successors": ["3301021151305363"]},
            "注销：被替换（原为有效），由河坊街90号（3301 0211 5130 5363）接续",
        ),
        ("addresses:retired", {"before": "frozen", "successors": []}, "注销：消亡（原为冻结）"),
        ("addresses:active", {"before": "frozen"}, "解冻：恢复有效"),
        ("addresses:name", {"kind": "alias", "text": "里院"}, "登记别名“里院”"),
        ("addresses:identify", {"scheme": "公安", "value": "7"}, "登记标识：公安 7"),
        (
            "addresses:withdraw_position",
            {"kind": "entrance", "label": "东门", "before": [120.1, 30.2]},
            "撤销入口东门，原在 120.100000, 30.200000",
        ),
        ("areas:assign", {"area": "grid:W01"}, "人工划入网格 W01"),
        ("areas:unassign", {"kind": "grid"}, "取消人工划入网格，按位置划分"),
        (
            "plates:installed",
            {"before": "to_install", "after": "in_use"},
            "门牌：安装，待安装改为在用",
        ),
        ("addresses:unheard_of", {}, "addresses:unheard_of"),
    ],
)
def test_an_entry_becomes_a_sentence(action: str, detail: dict[str, object], sentence: str) -> None:
    line = write_line(event(action, **detail), PEOPLE)
    assert line.text == sentence
    assert line.who == "李娜"


def test_who_acted_is_told_as_colleagues_know_them() -> None:
    actors = {
        "staff:li.na": "李娜",
        "staff:wang": "wang",
        "shell:li.na": "李娜（命令行）",
        "system:command line": "命令行",
        "system:worker": "系统",
        "client:police": "接口 police",
    }
    for actor, name in actors.items():
        assert PEOPLE.person(actor) == name
