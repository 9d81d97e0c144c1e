"""The story of a work item: what was done about it and to its plate, as Chinese sentences."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from service.admin.address.history import HistoryLine, HistoryNames, list_mentioned, write_line
from service.admin.address.queries.facts import find_display_names
from service.admin.address.queries.history import list_events
from service.changes.events import Subject
from service.core.database import Session
from service.worklists.queries import WorkRow

MOST_TOLD = 100

Detail = Mapping[str, Any]

SENTENCES: Mapping[str, Callable[[Detail, HistoryNames], str]] = MappingProxyType(
    {
        "work_items:open": lambda detail, _: (
            f"重开：{detail.get('outcome')}" if detail.get("before") else "开工单"
        ),
        "work_items:assign": lambda detail, names: (
            f"派给{names.people.get(detail['to'], detail['to'])}"
            if detail.get("to")
            else "取消指派"
        ),
        "work_items:postpone": lambda detail, _: (
            (f"期限由 {detail['before']} " if detail.get("before") else "期限")
            + f"改为 {detail.get('after', '另一天')}"
        ),
        "work_items:done": lambda detail, _: f"办结：{detail.get('outcome') or '完成'}",
        "work_items:cancelled": lambda detail, _: f"取消：{detail.get('outcome') or '不再需要'}",
        "work_items:note": lambda detail, _: f"备注：{detail.get('note', '')}",
        "moved": lambda _, __: "随地址改属区划或网格",
    }
)
"""By the action of the audit chain."""

_IN_BULK = MappingProxyType(
    {
        "opened": "work_items:open",
        "assigned": "work_items:assign",
        "postponed": "work_items:postpone",
        "done": "work_items:done",
        "cancelled": "work_items:cancelled",
    }
)
"""By the action of the feed: what the chain calls it, where one entry tells of many items."""


def read_story(session: Session, item: WorkRow) -> list[HistoryLine]:
    """What happened to an item, and to its plate since it was opened, newest first."""
    number = str(item.id)
    records = {number: Subject.WORK_ITEM} | ({item.token: Subject.PLATE} if item.token else {})
    found = list_events(session, records, limit=MOST_TOLD)
    events = [e for e in found if e.subject == number or e.at >= item.opened_at]
    people, _ = list_mentioned(events)
    people |= {str(given) for e in events if (given := (e.detail or e.together).get("to"))}
    names = HistoryNames(find_display_names(session, people), {})
    lines = []
    for event in events:
        if event.subject != number:
            lines.append(write_line(event, names))
            continue
        detail = event.detail or event.together
        action = event.action if event.is_single else _IN_BULK.get(event.action, event.action)
        sentence = SENTENCES.get(action)
        text = sentence(detail, names) if sentence else action
        who = names.person(event.actor) if event.actor else ""
        reason = str(detail.get("reason") or "")
        lines.append(HistoryLine(event.at, event.position, who, text, reason))
    return lines
