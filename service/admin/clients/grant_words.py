"""A grant in the words of the desk: what it allows, where, which fields, how often, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from address_model.sensitivity import FieldClass
from service.auth.grants import Grant
from service.auth.permissions import Permission
from service.core.clock import day_of

_P = Permission
_CALLED: Mapping[Permission, str] = MappingProxyType(
    {
        _P.ADDRESSES_RESOLVE: "解析、匹配地址文字",
        _P.ADDRESSES_READ: "按编码或条件读地址",
        _P.CHANGES_READ: "跟踪变更、取全量",
        _P.DATASETS_READ: "读数据集",
        _P.DATASETS_WRITE: "推送数据集",
        _P.ADDRESSES_TOKEN: "请居民出示门牌地址",
        _P.PLATES_READ: "读门牌",
        _P.UNITS_READ: "读单位",
        _P.AREAS_READ: "读责任区",
        _P.ADDRESSES_WRITE: "登记、更正地址",
        _P.PLATES_INSTALL: "记录安装、修好、取下",
        _P.PLATES_WRITE: "补换、注销门牌",
        _P.INSPECTIONS_READ: "读巡查记录",
        _P.INSPECTIONS_WRITE: "记录巡查",
        _P.BATCHES_READ: "读批次、取印版",
        _P.BATCHES_CREATE: "建批次",
        _P.RUNS_READ: "看批量办理的进度",
        _P.RUNS_CONTROL: "停下、继续批量办理",
    }
)
"""What programs call, those most asked for first; the desk offers these."""

PERMISSION_WORDS: Mapping[Permission, str] = MappingProxyType(
    {
        **_CALLED,
        _P.BATCHES_PRINT: "付印、交接批次",
        _P.WORK_ITEMS_READ: "读工单",
        _P.WORK_ITEMS_WRITE: "办理工单",
        _P.WORK_ITEMS_ASSIGN: "指派工单",
        _P.AREAS_WRITE: "维护责任区",
        _P.UNITS_WRITE: "维护单位",
        _P.DUTIES_READ: "读责任人",
        _P.DUTIES_WRITE: "维护责任人",
        _P.PLACENAMES_READ: "读地名",
        _P.PLACENAMES_WRITE: "登记、变更地名",
        _P.HERITAGE_READ: "读地名文化遗产",
        _P.HERITAGE_WRITE: "维护地名文化遗产",
        _P.SERVICES_READ: "读办事服务",
        _P.SERVICES_WRITE: "维护办事服务",
        _P.REPORTS_READ: "读群众反映",
        _P.REPORTS_WRITE: "办理群众反映",
        _P.STATISTICS_READ: "看统计",
    }
)
"""All that a program can be granted; the command line grants also what no call asks for yet."""


CALL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "getAddress": "按编码读地址",
        "listAddresses": "列出地址",
        "resolve": "匹配地址文字",
        "resolveBatch": "成批匹配",
        "parse": "解析地址文字",
        "autocomplete": "输入提示",
        "reverse": "由位置找地址",
        "listChanges": "读变更",
        "getPlate": "读门牌",
        "recordPlateEvent": "记录门牌事件",
        "listPlateEvents": "读门牌事件",
        "listUnits": "列出单位",
        "getUnit": "读单位",
        "getRun": "看办理进度",
        "issueToken": "领取访问令牌",
    }
)
"""Operations of the API in words; others are shown by their own names."""

REFUSAL_WORDS: Mapping[int, str] = MappingProxyType({403: "没有权限", 429: "超过限额"})


class FieldSet(StrEnum):
    """The classes of fields that the desk grants together."""

    PUBLIC = "public"
    REGISTER = "register"


FIELD_SETS: Mapping[FieldSet, tuple[str, str]] = MappingProxyType(
    {
        FieldSet.PUBLIC: ("公开", "编码、标准地址、各级要素、状态、位置、由谁接替"),
        FieldSet.REGISTER: (
            "公开和登记",
            "再加名称和曾用名、别的体系的标识、上级和下级、门牌短码、状态原因、来源",
        ),
    }
)
"""Name and content of each; contacts of persons are in none."""

CLASSES: Mapping[FieldSet, frozenset[FieldClass]] = MappingProxyType(
    {
        FieldSet.PUBLIC: frozenset({FieldClass.PUBLIC}),
        FieldSet.REGISTER: frozenset({FieldClass.PUBLIC, FieldClass.REGISTER}),
    }
)

DEPTHS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "door": ("到门牌", "门牌、小区、楼幢为止，单元和户室查不到"),
        "room": ("到户室", "单元、楼层、户室也查得到"),
    }
)


@dataclass(frozen=True, slots=True)
class OfferedTerms:
    """What the forms of a grant offer; the ``common`` permissions stand before the others."""

    common: Mapping[Permission, str]
    others: Mapping[Permission, str]
    field_sets: Mapping[FieldSet, tuple[str, str]]
    depths: Mapping[str, tuple[str, str]]


_COMMON = 5
OFFERED = OfferedTerms(
    dict(list(_CALLED.items())[:_COMMON]),
    dict(list(_CALLED.items())[_COMMON:]),
    FIELD_SETS,
    DEPTHS,
)


def name_permission(permission: Permission) -> str:
    """The words for a permission; what only people are given keeps its own name."""
    return PERMISSION_WORDS.get(permission, permission)


def field_set_of(grant: Grant) -> FieldSet:
    """Which set of fields a grant has."""
    return FieldSet.REGISTER if FieldClass.REGISTER in grant.classes else FieldSet.PUBLIC


def last_day_of(ends: datetime | None) -> date | None:
    """The last local day before a grant or key ends; None if it does not."""
    return day_of(ends - timedelta(microseconds=1)) if ends else None


def tell_quota(grant: Grant) -> str:
    """How often it may be used."""
    minute = f"每分钟 {grant.per_minute:,} 次" if grant.per_minute else ""
    day = f"每天 {grant.per_day:,} 次" if grant.per_day else ""
    return "，".join(filter(None, (minute, day))) or "不限"


def tell_grant(grant: Grant, names: Mapping[str, str]) -> dict[str, str]:
    """The terms by their labels; ``names`` are those of divisions by code, "" among them."""
    ordered = [*PERMISSION_WORDS, *sorted(grant.permissions)]
    held = dict.fromkeys(one for one in ordered if one in grant.permissions)
    last = last_day_of(grant.valid_until)
    return {
        "能做什么": "、".join(map(name_permission, held)),
        "区划": names.get(grant.division, grant.division),
        "看得到": FIELD_SETS[field_set_of(grant)][0],
        "深度": DEPTHS["room" if grant.is_deep else "door"][0],
        "限额": tell_quota(grant),
        "网络": "、".join(grant.networks) or "不限",
        "有效到": str(last) if last else "长期",
    }
