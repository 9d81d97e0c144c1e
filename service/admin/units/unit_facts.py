"""A unit with its posts as lines of facts, and how they differ after an act."""

from collections.abc import Mapping
from datetime import date

from service.core.database import Session
from service.organisations.queries import HoldingRow, get_unit, list_posts


def list_facts(session: Session, number: str, day: date) -> dict[str, str]:
    """Name, kind, telephone and days of a unit, and each open post with its holders."""
    unit = get_unit(session, number)
    facts = dict(unit.record.facts)
    for post in list_posts(session, unit.id):
        if not post.is_over(day):
            holders = "、".join(tell_holding(one) for one in post.list_holders(day)) or "空缺"
            carried = f"（授予角色：{post.role_name}）" if post.role else ""
            ends = f"，{post.valid_to} 后撤销" if post.valid_to else ""
            facts[f"岗位 {post.name}"] = f"{holders}{carried}{ends}"
    return facts


def tell_holding(held: HoldingRow) -> str:
    """A holder with the days, such as 张三 2026-01-01 起."""
    ends = f"至 {held.valid_to}" if held.valid_to else "起"
    return f"{held.display_name} {held.valid_from} {ends}"


def list_differences(
    before: Mapping[str, str], after: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What changes: the label, the line before and the line after ("" if there is none)."""
    labels = dict.fromkeys([*before, *after])
    lines = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [line for line in lines if line[1] != line[2]]
