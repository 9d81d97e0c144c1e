"""The Chinese words of the roster: roles, kinds of areas, states, and what was done."""

from collections.abc import Mapping

from service.areas.queries import RosterView

DUTY_NAMES: Mapping[str, str] = {
    "grid_worker": "网格员",
    "community_officer": "社区民警",
    "police_station": "派出所",
    "community_office": "社区服务中心",
}
AREA_KIND_NAMES: Mapping[str, str] = {
    "community": "社区（村）",
    "grid": "网格",
    "micro_grid": "微网格",
    "police_beat": "警务区",
}
VIEW_NAMES: Mapping[RosterView, str] = {
    RosterView.PRESENT: "在任的",
    RosterView.UNCONFIRMED: "到期没有确认的",
    RosterView.HIDDEN: "暂停公示的",
    RosterView.WITHHELD: "没有公布的",
    RosterView.ENDING: "30 天内到期的",
    RosterView.TO_COME: "还没有上任的",
    RosterView.ENDED: "已经离任的",
}
STATE_NAMES: Mapping[str, tuple[str, str]] = {
    "shown": ("公示中", "good"),
    "hidden": ("暂停公示", "bad"),
    "ended": ("已离任", ""),
    "to come": ("未上任", ""),
    "not published": ("没有公布", "warn"),
    "stood in for": ("有人顶班", "warn"),
}
"""By the state of a duty: its name and colour class."""

ACT_NAMES: Mapping[str, str] = {
    "duties:replace": "换人，接任的是{to}，{dated}起",
    "duties:stand_in": "安排{to}顶班，{first}至{last}",
    "duties:publish": "公布",
    "duties:withhold": "不再公布",
    "duties:hide": "暂停公示",
    "duties:show": "恢复公示",
    "duties:confirm": "确认无误",
    "duties:set_last_day": "到期日由“{before}”改为“{after}”",
    "duties:bind": "绑定账号“{account}”",
}
"""By the action of the audit chain: what was done, with fields of the entry's details."""


def tell_act(action: str, detail: Mapping[str, object]) -> str:
    """One act of a duty in Chinese, with the reason if one was given."""
    told = ACT_NAMES[action]
    if action == "duties:bind" and not detail.get("account"):
        told = "解除账号"
    else:
        fields = ("to", "dated", "first", "last", "before", "after", "account")
        told = told.format_map({name: detail.get(name) or "" for name in fields})
        told = told.replace("“”", "“无”")
    return f"{told}：{detail['reason']}" if detail.get("reason") else told
