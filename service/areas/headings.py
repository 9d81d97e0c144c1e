"""The headings and words of area layers and duty sheets, in Chinese and English."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from service.core.errors import BadRequest
from service.core.sheets.reader import heading_word

AREA_FIELDS: Mapping[str, str] = {
    "kind": "kind type areakind 类型 类别 责任区类型 区域类型",
    "code": "code id areacode 编码 代码 编号 网格编码 网格编号 社区代码 责任区编码 网格代码",
    "name": "name areaname 名称 网格名称 社区名称 责任区名称 警务区名称 村名",
    "parent": "parent parentcode 上级 上级编码 上级代码 所属上级 父级 所属社区编码",
    "division": "division divisioncode 行政区划 区划代码 行政区划代码 区划编码 所属区划",
    "valid_from": "validfrom from 起始日期 生效日期 启用日期 开始日期",
    "valid_to": "validto to 截止日期 终止日期 停用日期 结束日期 失效日期",
    "note": "note remark 备注 数据性质",
    "version": "version 版本 版本号",
}
DUTY_FIELDS: Mapping[str, str] = {
    "area": "area areacode 责任区 责任区编码 网格 网格编码 网格名称 区域 区域编码 社区 警务区",
    "area_kind": "areakind 责任区类型 区域类型",
    "role": "role 角色 职责 岗位 职务 身份",
    "display_name": "displayname name 姓名 名称 显示名 公示姓名 公示名称",
    "organisation": "organisation organization office 单位 所属单位 机构 部门",
    "phone": "phone telephone tel 电话 办公电话 联系电话 值班电话 公示电话",
    "publish": "publish public 公开 是否公开 公示 是否公示",
    "valid_from": "validfrom from 起始日期 开始日期 任职日期 到岗日期 生效日期",
    "valid_to": "validto to 截止日期 结束日期 终止日期 离岗日期",
    "confirmed_at": "confirmedat confirmed 核对日期 确认日期 最近核对",
    "stand_in_for": "standinfor 代班 代理 代岗 顶岗 替谁 被代理人",
    "version": "version 版本 版本号",
}
HANDOVER_FIELDS: Mapping[str, str] = {
    name: words
    for name, words in DUTY_FIELDS.items()
    if name in ("area", "area_kind", "role", "display_name", "organisation", "phone")
} | {
    "display_name": DUTY_FIELDS["display_name"] + " newname 新任 接任人 新负责人 接手人",
    "from": "from validfrom 交接日期 起始日期 生效日期 到岗日期 任职日期 开始日期",
    "instead_of": "insteadof oldname 原任 原负责人 前任 交出人 移交人",
}

_KINDS = {
    "社区": "community",
    "村": "community",
    "村居": "community",
    "行政村": "community",
    "网格": "grid",
    "微网格": "micro_grid",
    "警务区": "police_beat",
    "责任区": "police_beat",
    "治安责任区": "police_beat",
}
_ROLES = {
    "网格员": "grid_worker",
    "网格长": "grid_worker",
    "社区民警": "community_officer",
    "责任区民警": "community_officer",
    "驻村民警": "community_officer",
    "派出所": "police_station",
    "社区": "community_office",
    "村委会": "community_office",
    "居委会": "community_office",
    "社区居委会": "community_office",
    "社区服务中心": "community_office",
}
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")


class HeadingsMissing(BadRequest):
    """A required column is missing."""


def map_columns(
    headings: Sequence[str], fields: Mapping[str, str], needed: Sequence[str] = ()
) -> dict[str, str]:
    """Map fields to columns; the first matching column wins.

    Raises:
        HeadingsMissing: a needed field has no column; lists the columns of the file.
    """
    by_word = {word: field for field, words in fields.items() for word in words.split()}
    columns: dict[str, str] = {}
    for heading in headings:
        word = heading_word(heading)
        if word in by_word:
            columns.setdefault(by_word[word], heading)
    missing = [field for field in needed if field not in columns]
    if missing:
        raise HeadingsMissing(
            f"no column holds {', '.join(missing)}; the columns are: {', '.join(headings)}",
            hint=f"name it {' or '.join(fields[missing[0]].split()[:3])}",
        )
    return columns


def read_kind(text: str) -> str | None:
    """The kind of area named by a word (网格 → grid, or a lower-case word itself), or None."""
    return _read_word(text, _KINDS)


def read_role(text: str) -> str | None:
    """The role named by a word (网格员 → grid_worker, or a lower-case word itself), or None."""
    return _read_word(text, _ROLES)


def _read_word(text: str, known: Mapping[str, str]) -> str | None:
    word = unicodedata.normalize("NFKC", text).strip().lower()
    if word in known:
        return known[word]
    return word if _WORD.fullmatch(word) else None
