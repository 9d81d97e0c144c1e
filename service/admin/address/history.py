"""The history of an address (沿革): each event as one Chinese sentence with reason and source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from address_model.codes import format_code
from address_model.coordinates import Point, distance_m
from address_model.inspections import EVENT_NAMES, PlateEventKind
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    PLATE_STATUS_NAMES,
    AddressStatus,
    PlateStatus,
)
from address_model.positions import PositionKind, kind_row
from service.admin.address.queries.history import HistoryEvent
from service.changes.events import Action
from service.core.actor import Actor, name_actor

AREA_KINDS: Mapping[str, str] = MappingProxyType(
    {"grid": "网格", "micro_grid": "微网格", "community": "社区（村）", "police_beat": "警务区"}
)
NAME_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "standard": "标准地址",
        "second": "门址",
        "alias": "别名",
        "former": "曾用名",
        "department": "部门用名",
    }
)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history; ``plate`` is the token if it is about a plate.

    ``undo`` is the title of the reversing change if there is one.
    """

    at: datetime
    position: int
    who: str
    text: str
    reason: str = ""
    source: str = ""
    plate: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class HistoryNames:
    """What a sentence needs beside its event: names of people, and texts of other addresses."""

    people: Mapping[str, str]
    places: Mapping[str, str]

    def person(self, actor: str) -> str:
        """Who acted, as colleagues know them."""
        return name_actor(actor, self.people)

    def place(self, code: str) -> str:
        """Another address by its code."""
        text = self.places.get(code, "")
        return f"{text}（{format_code(code)}）" if text else format_code(code)


UNDO_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "addresses:move": "移回原位",
        "addresses:correct": "改回原文",
        "addresses:renumber": "整批改回原号",
    }
)
"""By the action that a command reverses."""

Detail = Mapping[str, Any]


def write_line(event: HistoryEvent, names: HistoryNames) -> HistoryLine:
    """The line of one event."""
    is_plate = len(event.subject) == 10
    action = event.action if event.is_single else _SINGLE.get(event.action, event.action)
    sentence = SENTENCES.get(action)
    if sentence is not None:
        text = sentence(event.detail, names)
    elif action in set(Action):
        text = f"{'门牌：' if is_plate else ''}{Action(action).line}"
    else:
        text = action
    source, dated = str(event.detail.get("source") or ""), event.detail.get("dated")
    return HistoryLine(
        event.at,
        event.position,
        names.person(event.actor) if event.actor else "",
        text,
        str(event.detail.get("reason") or ""),
        f"{source}（{dated}）" if source and dated else source,
        event.subject if is_plate else "",
    )


def undo_title(event: HistoryEvent) -> str:
    """What reverses an event, if a command does: a move or a correction of the text."""
    before, after = event.detail.get("before"), event.detail.get("after")
    if not event.is_single or not before or before == after:
        return ""
    return UNDO_TITLES.get(event.action, "")


def list_mentioned(events: Sequence[HistoryEvent]) -> tuple[set[str], set[str]]:
    """The names of the accounts and the codes of the addresses that events mention."""
    actors = [Actor.parse(event.actor) for event in events]
    names = {who.name for who in actors if who.kind in ("staff", "shell")}
    codes = {str(c) for event in events for c in event.detail.get("successors") or ()}
    codes |= {str(event.detail["parent"]) for event in events if event.detail.get("parent")}
    return names, codes


def _spot(at: Sequence[float]) -> str:
    return f"{at[0]:.6f}, {at[1]:.6f}"


def _shift(detail: Detail) -> str:
    """From where to where, with the distance."""
    before, after = detail.get("before"), detail.get("after")
    if not after:
        return f"，原在 {_spot(before)}" if before else ""
    if not before:
        return f"到 {_spot(after)}"
    metres = distance_m(Point(*before), Point(*after))
    far = f"{metres:.1f} 米" if metres < 10 else f"{metres:.0f} 米"
    return f" {far}：由 {_spot(before)} 到 {_spot(after)}"


def _correct(detail: Detail, _: HistoryNames) -> str:
    before, after = detail.get("before"), detail.get("after")
    if before == after:
        return f"更正：地址文字不变，更新了“{after}”的其他登记内容"
    return f"更正：“{before}”改为“{after}”"


def _renumber(detail: Detail, _: HistoryNames) -> str:
    others = len(detail.get("together") or ()) - 1
    along = f"（同一批改号 {others + 1} 个）" if others > 0 else ""
    return f"改号：“{detail.get('before')}”改为“{detail.get('after')}”{along}"


def _follow_parent(detail: Detail, names: HistoryNames) -> str:
    before, after = detail.get("before"), detail.get("after")
    parent = names.place(str(detail.get("parent", "")))
    return f"随上级地址更正：“{before}”改为“{after}”，上级是{parent}"


def _build(detail: Detail, _: HistoryNames) -> str:
    return f"成栋登记：在本地址下新登记 {detail.get('count', 0)} 个幢、单元、室"


def _move(detail: Detail, _: HistoryNames) -> str:
    if not detail.get("before"):
        return f"定位：登记位置{_shift(detail)}"
    return f"移动：登记位置移动{_shift(detail)}"


def _ended(verb: str) -> Callable[[Detail, HistoryNames], str]:
    def sentence(detail: Detail, names: HistoryNames) -> str:
        heirs = [names.place(str(code)) for code in detail.get("successors") or ()]
        was = ADDRESS_STATUS_NAMES.get(AddressStatus(detail.get("before", "active")), "")
        ways = f"，由{'、'.join(heirs)}接续" if heirs else ""
        return f"{verb}（原为{was}）{ways}"

    return sentence


def _active(detail: Detail, _: HistoryNames) -> str:
    is_thaw = detail.get("before") == AddressStatus.FROZEN
    return "解冻：恢复有效" if is_thaw else "转为有效"


def _name(detail: Detail, _: HistoryNames) -> str:
    return f"登记{NAME_KINDS.get(str(detail.get('kind')), '名称')}“{detail.get('text', '')}”"


def _identify(detail: Detail, _: HistoryNames) -> str:
    return f"登记标识：{detail.get('scheme', '')} {detail.get('value', '')}"


def _position(verb: str) -> Callable[[Detail, HistoryNames], str]:
    def sentence(detail: Detail, _: HistoryNames) -> str:
        name = kind_row(PositionKind(str(detail.get("kind")))).name
        return f"{verb}{name}{detail.get('label', '')}{_shift(detail)}"

    return sentence


def _plate(kind: PlateEventKind) -> Callable[[Detail, HistoryNames], str]:
    def sentence(detail: Detail, _: HistoryNames) -> str:
        before, after = (PlateStatus(str(detail.get(n))) for n in ("before", "after"))
        change = f"，{PLATE_STATUS_NAMES[before]}改为{PLATE_STATUS_NAMES[after]}"
        return f"门牌：{EVENT_NAMES[kind]}{change if before is not after else ''}"

    return sentence


def _said(text: str) -> Callable[[Detail, HistoryNames], str]:
    return lambda _detail, _names: text


SENTENCES: Mapping[str, Callable[[Detail, HistoryNames], str]] = MappingProxyType(
    {
        "addresses:enter": _said("登记：发给地址编码"),
        "addresses:build": _build,
        "addresses:correct": _correct,
        "addresses:renumber": _renumber,
        "addresses:follow_parent": _follow_parent,
        "addresses:follow": _said("随区划或地名更名改写标准地址，编码不变"),
        "addresses:move": _move,
        "addresses:name": _name,
        "addresses:gate": _said("登记了小区的门址"),
        "addresses:identify": _identify,
        "addresses:set_position": _position("设置"),
        "addresses:set_positions": _said("批量设置了入口等位置"),
        "addresses:withdraw_position": _position("撤销"),
        f"addresses:{AddressStatus.PLANNED}": _said("转为待建"),
        f"addresses:{AddressStatus.ACTIVE}": _active,
        f"addresses:{AddressStatus.FROZEN}": _said("冻结"),
        f"addresses:{AddressStatus.TO_REPLACE}": _said("转为待替换"),
        f"addresses:{AddressStatus.REPLACED}": _ended("注销：被替换"),
        f"addresses:{AddressStatus.RETIRED}": _ended("注销：消亡"),
        f"addresses:{AddressStatus.INVALID}": _ended("注销：登记无效"),
        "areas:assign": lambda detail, _: (
            f"人工划入{AREA_KINDS.get(str(detail.get('area')).partition(':')[0], '责任区')}"
            f" {str(detail.get('area')).partition(':')[2]}"
        ),
        "areas:unassign": lambda detail, _: (
            f"取消人工划入{AREA_KINDS.get(str(detail.get('kind')), '责任区')}，按位置划分"
        ),
        "plates:issue": _said("门牌：发放门牌"),
        "plates:issue_blank": _said("门牌：发放空白牌"),
        "plates:changed": _said("门牌：更新登记的牌面文字"),
        "plates:end_trial": _said("门牌：试印门牌终止"),
        f"plates:{PlateStatus.MAKING}": _said("门牌：已交制作"),
        f"plates:{PlateStatus.TO_INSTALL}": _said("门牌：已收到，待安装"),
        **{f"plates:{kind}": _plate(kind) for kind in PlateEventKind},
        "plates:settle_check_in": lambda detail, _: (
            f"门牌：核实位置异常的打卡，{detail.get('answer', '')}"
        ),
    }
)
"""By the action of the audit chain; a test collects the actions from the source."""

_SINGLE: Mapping[str, str] = MappingProxyType(
    {
        "new": "addresses:enter",
        "gated": "addresses:gate",
        "corrected": "addresses:follow",
        "positioned": "addresses:set_positions",
        "changed": "plates:changed",
        "issued": "plates:issue",
        "issued_blank": "plates:issue_blank",
        "making": f"plates:{PlateStatus.MAKING}",
        "to_install": f"plates:{PlateStatus.TO_INSTALL}",
    }
)
"""What bulk work is called in the change feed, and in the chain."""
