"""What was typed into a kept form, in words."""

from types import MappingProxyType

from service.addresses.queries.action_drafts import ActionDraftRow
from service.admin.address.actions import NAME_CHOICES
from service.admin.address.end_actions import ENDINGS
from service.admin.address.field_reader import SYSTEMS
from service.admin.address.position_actions import ACCURACIES, POSITION_KINDS

FIELD_NAMES = MappingProxyType(
    {
        "text": "文字",
        "lon": "经度",
        "lat": "纬度",
        "crs": "坐标系",
        "spot": "出入口",
        "label": "名称",
        "accuracy": "精度",
        "ending": "怎样注销",
        "other": "另一个地址",
        "parts": "新地址",
        "heir": "下级地址归到第几个",
        "numbers": "旧号和新号",
        "buildings": "幢",
        "units": "单元",
        "floors": "层",
        "rooms": "室",
        "names_floors": "地址里写明楼层",
        "left_out": "不登记的",
        "kind": "类别",
        "scheme": "系统名称",
        "value": "标识",
        "since": "起",
        "until": "止",
        "source": "来源",
        "reason": "事由",
        "report": "居民报告",
        "document": "依据",
        "dated": "文件日期",
    }
)
_CHOICES = MappingProxyType(
    {
        "crs": {str(system): name for system, name in SYSTEMS.items()},
        "ending": ENDINGS,
        "names_floors": {"1": "是"},
        "kind": NAME_CHOICES,
        "spot": POSITION_KINDS,
        "accuracy": ACCURACIES,
    }
)


def list_typed(draft: ActionDraftRow) -> list[tuple[str, str]]:
    """The filled fields of a form with their titles; choices are told in words."""
    return [
        (title, _CHOICES.get(name, {}).get(value, value))
        for name, title in FIELD_NAMES.items()
        if (value := str(draft.fields.get(name, "")).strip())
    ]
