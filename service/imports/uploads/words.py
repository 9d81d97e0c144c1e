"""What the desk says of a list: fields, coordinate systems, faults, in a clerk's words.

The sentences of the command line name its options; here each has the words of the page.
"""

import re

from address_model.coordinates import CoordinateSystem
from service.core.errors import MenpaiError
from service.core.sheets import RowFault
from service.imports.headings import IGNORE, ColumnUnknown
from service.imports.row_log import RowOutcome
from service.imports.rules import Rule, rule_of
from service.imports.uploads.file_faults import tell_file

FIELD_NAMES = {
    "text": "地址（整条）",
    "province": "省",
    "city": "市",
    "county": "县（市、区）",
    "township": "乡镇、街道",
    "community": "村、社区",
    "devzone": "开发区",
    "parent_place": "上级街路巷",
    "thoroughfare": "街路巷",
    "lane": "弄",
    "natural_village": "自然村",
    "group": "组",
    "estate": "小区、院落",
    "number": "门牌号",
    "building": "幢",
    "unit": "单元",
    "floor": "层",
    "room": "室",
    "thing": "事物类型",
    "thing_number": "事物编号",
    "lon": "经度",
    "lat": "纬度",
    "code": "地址编码",
    "source_id": "来源编号",
    "sample": "示例数据",
    "serial": "序号（不入库）",
    "remark": "备注（不入库）",
    "grid": "网格（不入库）",
    IGNORE: "不入库",
}
SYSTEM_NAMES = {
    CoordinateSystem.CGCS2000: "国家 2000（CGCS2000、天地图）",
    CoordinateSystem.WGS84: "GPS（WGS84）",
    CoordinateSystem.GCJ02: "高德、腾讯（GCJ-02）",
    CoordinateSystem.BD09: "百度（BD-09）",
}
OUTCOME_NAMES = {
    RowOutcome.NEW: "新增",
    RowOutcome.CHANGED: "变更",
    RowOutcome.SAME: "相同",
    RowOutcome.WAITING: "待定",
    RowOutcome.CONFLICT: "冲突",
    RowOutcome.ERROR: "错误",
}
_REASONS = {
    Rule.UNREADABLE: "这一行的格数与标题行不一样，或者有一格读不出来",
    Rule.OUTSIDE: "地址不在本次导入的区划内",
}
_HINTS = {
    Rule.UNREADABLE: "在表格里补齐这一行",
    Rule.OUTSIDE: "在地址里写明所属的乡镇、街道，或拿出这一行",
    Rule.NAME_NUMBER: "把号码填到它自己的列，或把这一列改为“地址（整条）”",
    Rule.COLUMNS_DISAGREE: "使地址文字与各列一致，或把这一列改为“不入库”",
    Rule.COUNTY_UNCLEAR: "在地址前写明县（市、区）；整张表都在一个县的，选好区划再上传一次",
    Rule.POINT_EXCHANGED: "对调两格；整张表都反的，在“列的对应”里对调",
    Rule.POINT_FAR: "改正坐标或县（市、区）；整张表如此的，换一个坐标系再核对",
    Rule.LOCKED: "先办理解冻；已停用的，拿出这一行",
}
_ASK = "拿出这一行；确实要入库的，请系统管理员办理"
_SHELL = re.compile(r"menpai |(?<![-\w])--[a-z]")
_CHINESE = re.compile("[一-龥]")
_ENGLISH = re.compile("[a-z]+ [a-z]+ [a-z]+")
_FIELD = re.compile(rf" ?(?<![\w:])({'|'.join(FIELD_NAMES)})(?!\w) ?")


def tell_sheet(fault: MenpaiError) -> str:
    """A fault of a whole list in Chinese, with what to do."""
    if not isinstance(fault, ColumnUnknown):
        return tell_file(fault)
    told = _FIELD.sub(lambda found: f"“{FIELD_NAMES[found[1]]}”", fault.detail)
    where = "工作表" if "工作表" in told else "列的对应"
    return f"{told}。请在“{where}”里选定，或在表格里改好再上传。"


def reword(fault: RowFault) -> RowFault:
    """A fault of a row as the desk says it."""
    rule = rule_of(fault)
    reason, hint = fault.reason, fault.hint
    if rule in _REASONS:
        reason = _REASONS[rule]
    elif _ENGLISH.search(reason) or not _CHINESE.search(reason):
        reason = rule.summary
    if rule in _HINTS:
        hint = _HINTS[rule]
    elif _SHELL.search(hint) or not _CHINESE.search(hint):
        hint = _ASK
    return RowFault(fault.row, fault.field, reason, hint, fault.rule)
