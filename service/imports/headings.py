"""Maps the columns of an address list to fields, by their headings or as an officer declares."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from address_model.parsing.level_cells import NUMBERED_LEVELS
from service.core.errors import BadRequest
from service.core.sheets import IGNORED_COLUMNS

IGNORE = "ignore"
"""The field an officer maps a column to in order to leave it out."""

IDENTIFIER = "id:"
"""The prefix of a field that holds the identifiers of a scheme: ``id:sz25``."""

_HEADINGS: Mapping[str, str] = {
    "text": "text address 地址 标准地址 标准地址全称 标准地址名称 详细地址 地址全称 地址名称 门址 "
    "全地址 完整地址 地址文本 addr fulladdress standardtext standardaddress 地名地址",
    "province": "province prov 省 省份 省级 所在省 省名称",
    "city": "city prefecture 市 地市 地级市 城市 设区市 所在市 市名称 市级",
    "county": "county district 县 区 区县 县区 县市区 区县市 市县区 所属区县 区县名称 县级",
    "township": "township town street subdistrict streettown towns 乡镇 镇街 街道 乡镇街道 镇 乡 "
    "街道办 街镇 街道乡镇 镇名 镇乡街道 乡镇街办 镇乡",
    "community": "community village neighbourhood 社区 村 村居 社区村 村社区 村社 行政村 居委会 "
    "村委会 社区居委会 居村委 社区村居 行政村社区 村名 社区名",
    "devzone": "devzone developmentzone 开发区 园区 功能区 工业园区",
    "parent_place": "parentplace parentroad 上级道路 上级街路巷 所属道路 上级地名",
    "thoroughfare": "thoroughfare road roadname streetname streetroad lanename 街路巷 街路巷名 "
    "道路 路名 街名 巷名 道路名 街巷 街巷名 街道路 路 路街巷 道路街巷 街路巷弄 路段 "
    "街路巷小区",
    "lane": "lane lanes 弄 巷弄 弄巷 支弄",
    "natural_village": "naturalvillage hamlet 自然村 自然村落 自然屯 村落",
    "group": "group 组 村民小组 小组 村组",
    "estate": "estate compound residence residentialquarters residentialquarter quarters "
    "residentialarea neighbourhoodname 小区 小区名 院落 住宅区 楼盘 小区院落 住宅小区 居民小区 "
    "小区楼盘 楼盘名",
    "number": "number housenumber doornumber houseno doorno doorplate roadno 门牌 门牌号 "
    "门牌号码 号 门号 门楼牌号",
    "building": "building buildingno buildingnumber 幢 栋 楼栋 楼幢 幢号 栋号 "
    "楼号 楼牌号 楼牌 座 建筑 楼栋号 楼幢号 栋座 幢栋 栋幢",
    "unit": "unit unitno 单元 单元号 单元牌",
    "floor": "floor storey roomfloor floorno 楼层 层 层号 楼层号",
    "room": "room flat roomno roomnumber 室 户室 户 房号 室号 房间 房间号 户室号 户号 房室",
    "thing": "thing thingkind 事物类型 事物 事物类别 设施类型",
    "thing_number": "thingnumber 事物编号 事物号 设施编号 杆号",
    "lon": "lon lng long longitude x 经度 经度坐标 坐标x x坐标 东经",
    "lat": "lat latitude y 纬度 纬度坐标 坐标y y坐标 北纬",
    "code": "code addresscode 地址编码 地址代码 标准地址编码 门牌编码",
    "source_id": "sourceid id externalid 编号 原编号 来源编号 唯一标识 主键 业务编号 地址id",
    "sample": "sample 示例 示例数据",
    "serial": "serial serialno no 序号 行号 序",
    "remark": "remark remarks note notes comment 备注 说明 附注",
    "grid": "grid gridname 网格 网格名 网格号 所属网格",
}
FIELDS = tuple(_HEADINGS)
DIVISION_FIELDS = ("province", "city", "county", "township", "community")
LOCAL_FIELDS = FIELDS[FIELDS.index("devzone") : FIELDS.index("room") + 1]
THING_FIELDS = ("thing", "thing_number")
NAME_FIELDS = ("text", *DIVISION_FIELDS, "devzone", "thoroughfare", "natural_village", "estate")
"""Fields that hold names or whole texts, never a date."""

_FIELD_OF = {
    heading: field for field, headings in _HEADINGS.items() for heading in headings.split()
}
_BRACKETS = re.compile(r"[(\[【〔<《].*?(?:[)\]】〕>》]|$)")
_MARKS = re.compile(r"[*★☆●○◆◇■□※#•·△▲√:：;；,，、。!！?？\"'“”‘’]+")
_NUMBERING = re.compile(r"^(?:[0-9]+|[一二三四五六七八九十]+(?=[.、]))[.、)]?")
_JOINTS = re.compile(r"[\s_\-./]+")
_BEFORE = re.compile(
    r"^(?:所在|所属|所处|标准|现|百度|高德|腾讯|天地图|gps|wgs84|cgcs2000|gcj02|bd09)(?=.)"
)
_BEHIND = re.compile(r"(?<=.)(?:名称|gps|wgs84|cgcs2000|gcj02|bd09)$")


class ColumnUnknown(BadRequest):
    """The columns of the list cannot be mapped to fields."""


@dataclass(frozen=True)
class Columns:
    """The column of each field in the list, and the columns that are left out.

    ``declared`` are the columns that the officer mapped.
    """

    by_field: Mapping[str, str]
    unknown: tuple[str, ...]
    declared: tuple[str, ...] = ()

    @cached_property
    def identities(self) -> tuple[str, ...]:
        """The fields that identify the address of a row."""
        single = ("code", "source_id")
        return tuple(one for one in self.by_field if one in single or one.startswith(IDENTIFIER))

    @cached_property
    def numbered(self) -> tuple[str, ...]:
        """The fields of numbers, from the group down to the room."""
        return tuple(one for one in NUMBERED_LEVELS if one in self.by_field)


def map_headings(headings: Sequence[str], overrides: Sequence[str] = ()) -> Columns:
    """Find the field of every column; ``overrides`` are ``COLUMN=FIELD`` and take precedence.

    Columns that an import adds to its errors file are neither a field nor unknown.

    Raises:
        ColumnUnknown: two columns map to one field, or none holds an address.
    """
    declared = dict(_read_override(text, headings) for text in overrides)
    by_field: dict[str, str] = {}
    for column, chosen in declared.items():
        _assign(by_field, chosen, column)
    taken = set(by_field)
    unknown = []
    for heading in headings:
        field = find_field(heading)
        if heading in declared or heading in IGNORED_COLUMNS:
            continue
        if field is None or field in taken:
            unknown.append(heading)
            continue
        _assign(by_field, field, heading)
        if field == "remark":
            unknown.append(heading)
    by_field.pop(IGNORE, None)
    if "text" not in by_field and not any(field in by_field for field in LOCAL_FIELDS):
        raise ColumnUnknown(
            f"没有一列是地址；清单的列是：{'、'.join(headings)}",
            hint="说明哪一列是地址，例如 --map 列名=text",
        )
    if ("lon" in by_field) != ("lat" in by_field):
        here, lacking = ("lon", "lat") if "lon" in by_field else ("lat", "lon")
        raise ColumnUnknown(
            f"有 {here} 一列（{by_field[here]}），却没有 {lacking}",
            hint=f"用 --map 列名={lacking} 指明另一列，"
            f"或用 --map {by_field[here]}={IGNORE} 不要这一列",
        )
    return Columns(by_field, tuple(unknown), tuple(declared))


def find_field(heading: str) -> str | None:
    """Return the field of a Chinese or English heading, or None.

    Marks of a form (``*街路巷``, ``2街路巷：``, ``门牌号（必填）``) and words such as 所在 are
    ignored. ``id:SCHEME`` is a column of identifiers of another scheme.
    """
    if _is_identifier(heading):
        return heading
    folded = _BRACKETS.sub("", unicodedata.normalize("NFKC", heading).lower())
    marked = _MARKS.sub("", _NUMBERING.sub("", _MARKS.sub("、", folded.strip()).strip("、")))
    bare = _JOINTS.sub("", marked)
    inner = _BEFORE.sub("", bare)
    for word in (bare, inner, _BEHIND.sub("", bare), _BEHIND.sub("", inner)):
        if word in _FIELD_OF:
            return _FIELD_OF[word]
    return None


def _is_identifier(field: str) -> bool:
    return field.startswith(IDENTIFIER) and len(field) > len(IDENTIFIER)


def _read_override(text: str, headings: Sequence[str]) -> tuple[str, str]:
    column, equals, field = (part.strip() for part in text.rpartition("="))
    if not equals or not column:
        raise ColumnUnknown(f"「{text}」没有写成 列名=字段", hint="例如 --map 门址=text")
    known = field in (*FIELDS, IGNORE) or _is_identifier(field)
    if not known:
        choices = ", ".join((*FIELDS, IGNORE))
        raise ColumnUnknown(f"没有「{field}」这个字段", hint=f"可用的字段：{choices}, id:SCHEME")
    if column not in headings:
        raise ColumnUnknown(
            f"清单里没有「{column}」这一列", hint=f"它的列是：{'、'.join(headings)}"
        )
    return column, field


def _assign(by_field: dict[str, str], field: str, column: str) -> None:
    other = by_field.setdefault(field, column)
    if other != column and field != IGNORE:
        raise ColumnUnknown(
            f"「{other}」和「{column}」两列都是 {field}",
            hint=f"说明不要哪一列，例如 --map {column}={IGNORE}",
        )
