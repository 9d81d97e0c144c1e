"""What has changed in a division since yesterday, as sentences that lead to the records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from address_model.inspections import EVENT_NAMES
from address_model.lifecycle import AddressStatus, BatchStatus, PlateStatus
from service.admin.home.queries import RecentAct
from service.core.actor import Actor, name_actor
from service.core.clock import day_of

_PATHS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "addresses": ("/admin/addresses/", "", "个地址"),
        "plates": ("/admin/plates/", "的门牌", "块门牌"),
        "batches": ("/admin/batches/", "", "个批次"),
        "imports": ("/admin/imports/", "", "份清单"),
    }
)
"""By resource: where its records are shown, what is said behind one of them, and of several."""

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "addresses:enter": "登记了{}",
        "addresses:build": "成栋登记了{}的户室",
        "addresses:correct": "更正了{}",
        "addresses:follow": "随更名改写了{}",
        "addresses:follow_parent": "随上级改写了{}",
        "addresses:renumber": "给{}改了门牌号",
        "addresses:split": "拆分了{}",
        "addresses:move": "移动了{}的位置",
        "addresses:name": "给{}登记了名称",
        "addresses:gate": "给{}登记了小区门址",
        "addresses:identify": "给{}登记了其他系统的标识",
        "addresses:set_position": "设置了{}的出入口",
        "addresses:set_positions": "设置了{}的出入口",
        "addresses:withdraw_position": "撤销了{}的出入口",
        f"addresses:{AddressStatus.PLANNED}": "把{}转为待建",
        f"addresses:{AddressStatus.ACTIVE}": "恢复了{}",
        f"addresses:{AddressStatus.FROZEN}": "冻结了{}",
        f"addresses:{AddressStatus.TO_REPLACE}": "把{}转为待替换",
        f"addresses:{AddressStatus.REPLACED}": "注销了{}（被替换）",
        f"addresses:{AddressStatus.RETIRED}": "注销了{}（消亡）",
        f"addresses:{AddressStatus.INVALID}": "注销了{}（登记无效）",
        "plates:issue": "发放了{}",
        "plates:end_trial": "终止了试印的{}",
        f"plates:{PlateStatus.MAKING}": "把{}交给了制作单位",
        f"plates:{PlateStatus.TO_INSTALL}": "收到{}，等待安装",
        **{f"plates:{kind}": f"给{{}}记录了“{name}”" for kind, name in EVENT_NAMES.items()},
        "plates:settle_check_in": "核实了{}的一次打卡",
        "batches:choose": "建了批次{}",
        "batches:open": "建了批次{}",
        "batches:submit": "提交了批次{}",
        "batches:approve": "批准了批次{}",
        "batches:send_back": "退回了批次{}",
        "batches:start": "开始制作批次{}",
        "batches:cancel": "取消了批次{}",
        f"batches:{BatchStatus.HANDED_OVER}": "把批次{}交给了制作单位",
        f"batches:{BatchStatus.RECEIVED}": "收到了批次{}的门牌",
        "imports:upload": "上传了清单{}",
        "imports:abandon": "放弃了清单{}",
    }
)
"""By the action of the audit chain: the sentence around the record; other actions are not news."""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One sentence: ``who`` and ``before``, the link ``title`` to ``path``, ``after``.

    ``at`` is the time of the newest act that it tells, ``count`` the number of records.
    """

    at: datetime
    who: str
    before: str
    title: str
    path: str
    after: str
    count: int


def tell_acts(
    acts: Sequence[RecentAct], people: Mapping[str, str], place: str = ""
) -> list[tuple[date, list[ActivityLine]]]:
    """The acts (newest first) by day, each run of one kind by one person as one sentence.

    Addresses are named from behind ``place``, the name of the reader's division, onwards.
    """
    days: list[tuple[date, list[ActivityLine]]] = []
    for act in _joined(acts):
        day = day_of(act.at)
        if not days or days[-1][0] != day:
            days.append((day, []))
        path, one, several = _PATHS[act.action.partition(":")[0]]
        before, _, after = PHRASES[act.action].partition("{}")
        title = (act.title.rpartition(place)[2] if place else "") or act.title or act.key
        after = (f"等 {act.count:,} {several}" if act.count > 1 else one) + after
        if reason := str(act.detail.get("reason") or ""):
            after = f"{after}：{reason}"
        who = name_actor(act.actor, people)
        line = ActivityLine(act.at, who, before, title, f"{path}{act.key}", after, act.count)
        days[-1][1].append(line)
    return days


def name_people(acts: Sequence[RecentAct]) -> set[str]:
    """The names of the accounts that acted."""
    return {who.name for act in acts if (who := Actor.parse(act.actor)).kind in ("staff", "shell")}


def _joined(acts: Sequence[RecentAct]) -> Iterator[RecentAct]:
    """Neighbours of one day, person and action as one act, with the sum of their counts."""
    held: RecentAct | None = None
    for act in acts:
        is_same = held is not None and (held.actor, held.action, day_of(held.at)) == (
            act.actor,
            act.action,
            day_of(act.at),
        )
        if held is not None and is_same:
            both = held.count + act.count
            held = replace(held, subject=f"{held.key}…{act.key}", detail={"count": both})
            continue
        if held is not None:
            yield held
        held = act
    if held is not None:
        yield held
