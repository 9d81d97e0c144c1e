"""The vocabulary of the change feed: kinds of records, and actions on them."""

from enum import StrEnum


class _FeedWord(StrEnum):
    """A word of the feed, with a line in Chinese that explains it."""

    line: str

    def __new__(cls, value: str, line: str = "") -> "_FeedWord":
        """``line`` appears in the guide for departments."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.line = line
        return made


class Subject(_FeedWord):
    """A kind of record, with the meaning of its key."""

    DIVISION = "division", "行政区划；键为 12 位区划代码"
    UNIT = "unit", "单位，连同岗位和任职；键为单位编号"
    AREA = "area", "责任区（社区、网格、警务区等）；键为“类别:编号”"
    DUTY = "duty", "责任人；键为编号"
    PLACE_NAME = "place_name", "地名；键为地名编号"
    HERITAGE_ENTRY = "heritage_entry", "地名文化遗产条目；键为条目编号"
    ADDRESS = "address", "标准地址，连同名称、标识和位置；键为 16 位地址编码"
    PLATE = "plate", "门牌；键为二维码中的 10 位编号"
    BATCH = "batch", "门牌批次，连同清单；键为批次编号"
    WORK_ITEM = "work_item", "工单；键为工单编号"
    SERVICE_ITEM = "service_item", "办事服务事项；键为编号"
    FACILITY = "facility", "便民设施（村社资源）；键为编号"
    DATASET = "dataset", "数据集的登记；键为编号"
    DATASET_ROW = "dataset_row", "数据集中某个地址的数据；键为地址编码"
    ADDRESS_AREA = "address_area", "地址与责任区的关联；键为地址编码"
    ADDRESS_PLACE_NAME = "address_place_name", "地址与地名的关联；键为地址编码"


class Action(_FeedWord):
    """What happened to a record."""

    NEW = "new", "新建"
    CHANGED = "changed", "内容变更"
    RENAMED = "renamed", "更名"
    MERGED = "merged", "并入另一条"
    ENDED = "ended", "到期或终止"
    BOUNDED = "bounded", "界线变更"
    HIDDEN = "hidden", "停止公开"
    SHOWN = "shown", "恢复公开"
    OPENED = "opened", "开工单"
    ASSIGNED = "assigned", "指派，或取消指派"
    POSTPONED = "postponed", "改期"
    DONE = "done", "办结"
    CANCELLED = "cancelled", "取消"
    CONFIRMED = "confirmed", "核实无误"
    WITHDRAWN = "withdrawn", "撤销"
    PLACED = "placed", "归入地名或乡镇（街道）"
    EXTENDED = "extended", "地名延伸到另一乡镇（街道）"
    JOINED = "joined", "与邻县同一道路相接，或取消相接"
    MOVED = "moved", "移到另一位置或乡镇（街道）"
    DIVIDED = "divided", "一分为二"
    UNDONE = "undone", "撤回此前的决定"
    NESTED = "nested", "所在的上级地址变更"
    CORRECTED = "corrected", "标准地址或位置更正"
    GATED = "gated", "登记了小区的门址"
    NAMED = "named", "登记了别名或部门用名"
    IDENTIFIED = "identified", "登记了其他系统的编号"
    LINKED = "linked", "关联变更"
    POSITIONED = "positioned", "设置了入口等位置"
    POSITION_WITHDRAWN = "position_withdrawn", "撤销了入口等位置"
    PLANNED = "planned", "待建"
    ACTIVE = "active", "恢复有效"
    FROZEN = "frozen", "冻结"
    TO_REPLACE = "to_replace", "待替换"
    RETIRED = "retired", "消亡"
    INVALID = "invalid", "无效（登记有误）"
    ISSUED = "issued", "发放门牌"
    ISSUED_BLANK = "issued_blank", "发放空白牌"
    LED_ON = "led_on", "旧牌改指向新牌"
    MAKING = "making", "已交制作"
    TO_INSTALL = "to_install", "已收到，待安装"
    INSTALLED = "installed", "安装"
    BOUND = "bound", "空白牌绑定地址并安装"
    WELL = "well", "巡查完好"
    DUPLICATE = "duplicate", "巡查发现重复"
    WRONG = "wrong", "巡查发现挂错或写错"
    MISSING = "missing", "巡查发现该挂未挂或不见"
    DAMAGED = "damaged", "巡查发现磨损、褪色"
    BROKEN = "broken", "巡查发现破裂，无法扫码"
    LOST = "lost", "巡查发现遗失"
    COVERED = "covered", "巡查发现被遮挡"
    REPAIRED = "repaired", "修复"
    TAKEN_DOWN = "taken_down", "取下"
    REVIEWED = "reviewed", "核实了位置异常的打卡"
    ORDERED = "ordered", "订了新牌"
    REPLACED = "replaced", "被替换"
    VOIDED = "voided", "注销"
