"""Which column of an address list is which field, told by its heading or by the officer."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.core.errors import BadRequest
from service.core.sheets import ERROR_COLUMNS

IGNORE = "ignore"
"""What an officer maps a column to that shall be left out."""

IDENTIFIER = "id:"
"""A field that begins so holds the identifiers of a scheme: ``id:sz25``."""

_HEADINGS: Mapping[str, str] = {
    "text": "text address 地址 标准地址 标准地址全称 标准地址名称 详细地址 地址全称 地址名称 门址 "
    "全地址 完整地址 地址文本 addr fulladdress standardtext standardaddress 地名地址",
    "province": "province prov 省 省份 省级 所在省 省名称",
    "city": "city prefecture 市 地市 地级市 城市 设区市 所在市 市名称 市级",
    "county": "county district 县 区 区县 县区 县市区 区县市 市县区 所属区县 区县名称 县级",
    "township": "township town street subdistrict 乡镇 镇街 街道 乡镇街道 镇 乡 街道办 街镇 "
    "街道乡镇 所属街道 乡镇名称 镇街名称",
    "community": "community village neighbourhood 社区 村 村居 社区村 村社区 村社 行政村 居委会 "
    "村委会 社区居委会 居村委 所属社区 社区名称",
    "devzone": "devzone developmentzone 开发区 园区 功能区 工业园区",
    "thoroughfare": "thoroughfare road streetname 街路巷 街路巷名 街路巷名称 道路 路名 道路名称 "
    "街巷 街道路 路 路街巷 道路街巷",
    "lane": "lane lanes 弄 巷弄 弄巷 支弄",
    "natural_village": "naturalvillage hamlet 自然村 自然村落 自然屯 村落",
    "group": "group 组 村民小组 小组 村组",
    "estate": "estate compound residence 小区 小区名 小区名称 院落 住宅区 楼盘 小区院落",
    "number": "number housenumber doornumber 门牌 门牌号 门牌号码 号 门号 门楼牌号",
    "building": "building 幢 栋 楼栋 楼幢 幢号 栋号 楼号 楼牌号 楼牌 座 建筑 楼栋号",
    "unit": "unit 单元 单元号 单元牌",
    "floor": "floor storey 楼层 层 层号 所在楼层",
    "room": "room flat 室 户室 户 房号 室号 房间 房间号 户室号 户号 房室",
    "thing": "thing thingkind 事物类型 事物 事物类别 设施类型",
    "thing_number": "thingnumber 事物编号 事物号 设施编号 杆号",
    "lon": "lon lng long longitude x 经度 经度坐标 坐标x x坐标 东经",
    "lat": "lat latitude y 纬度 纬度坐标 坐标y y坐标 北纬",
    "code": "code addresscode 地址编码 地址代码 标准地址编码 门牌编码",
    "source_id": "sourceid id externalid 编号 序号 原编号 来源编号 唯一标识 主键 业务编号 地址id",
    "sample": "sample 示例 示例数据",
}
FIELDS = tuple(_HEADINGS)
DIVISION_FIELDS = ("province", "city", "county", "township", "community")
LOCAL_FIELDS = FIELDS[FIELDS.index("devzone") : FIELDS.index("room") + 1]
THING_FIELDS = ("thing", "thing_number")
_FIELD_OF = {
    heading: field for field, headings in _HEADINGS.items() for heading in headings.split()
}
_UNIT = re.compile(r"[(（\[【].*$")
_JOINTS = re.compile(r"[\s_\-./]+")


class ColumnUnknown(BadRequest):
    """The columns of the list cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each field that the list has, and the columns that are left out."""

    by_field: Mapping[str, str]
    unknown: tuple[str, ...]


def map_headings(headings: Sequence[str], overrides: Sequence[str] = ()) -> Columns:
    """Tell the field of every column; ``overrides`` are ``COLUMN=FIELD`` and win.

    What an import itself adds to an errors file is neither a field nor unknown. Raises
    ColumnUnknown when two columns want one field, or none holds an address.
    """
    declared = dict(_read_override(text, headings) for text in overrides)
    by_field: dict[str, str] = {}
    for column, field in declared.items():
        _assign(by_field, field, column)
    taken = set(by_field)
    unknown = []
    for heading in headings:
        told = find_field(heading)
        if heading in declared or heading in ERROR_COLUMNS:
            continue
        if told is None or told in taken:
            unknown.append(heading)
        else:
            _assign(by_field, told, heading)
    by_field.pop(IGNORE, None)
    _check(by_field, headings)
    return Columns(by_field, tuple(unknown))


def find_field(heading: str) -> str | None:
    """Return the field that a heading means, in Chinese or English, or None.

    ``id:SCHEME`` is the column of another scheme's identifiers.
    """
    if _is_identifier(heading):
        return heading
    folded = _UNIT.sub("", unicodedata.normalize("NFKC", heading).lower())
    return _FIELD_OF.get(_JOINTS.sub("", folded))


def _is_identifier(field: str) -> bool:
    return field.startswith(IDENTIFIER) and len(field) > len(IDENTIFIER)


def _read_override(text: str, headings: Sequence[str]) -> tuple[str, str]:
    column, equals, field = (part.strip() for part in text.rpartition("="))
    if not equals or not column:
        raise ColumnUnknown(
            f"「{text}」 does not say COLUMN=FIELD", mend="Write for example --map 门址=text"
        )
    known = field in (*FIELDS, IGNORE) or _is_identifier(field)
    if not known:
        choices = ", ".join((*FIELDS, IGNORE))
        raise ColumnUnknown(
            f"There is no field {field}", mend=f"Choose one of: {choices}, id:SCHEME"
        )
    if column not in headings:
        raise ColumnUnknown(
            f"The list has no column {column}", mend=f"Its columns are: {', '.join(headings)}"
        )
    return column, field


def _assign(by_field: dict[str, str], field: str, column: str) -> None:
    other = by_field.setdefault(field, column)
    if other != column and field != IGNORE:
        raise ColumnUnknown(
            f"The columns {other} and {column} both are the field {field}",
            mend=f"Say which one is left out, for example --map {column}={IGNORE}",
        )


def _check(by_field: Mapping[str, str], headings: Sequence[str]) -> None:
    if "text" not in by_field and not any(field in by_field for field in LOCAL_FIELDS):
        raise ColumnUnknown(
            f"No column holds an address; the columns are: {', '.join(headings)}",
            mend=f"Say which one does, for example --map {headings[0]}=text",
        )
    if ("lon" in by_field) != ("lat" in by_field):
        here, lacking = ("lon", "lat") if "lon" in by_field else ("lat", "lon")
        raise ColumnUnknown(
            f"There is a column for {here} ({by_field[here]}) but none for {lacking}",
            mend=f"Name the other with --map COLUMN={lacking}, "
            f"or leave this one out with --map {by_field[here]}={IGNORE}",
        )
