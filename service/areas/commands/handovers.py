"""Hands duties over in bulk: the old one ends the day before the new one begins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from address_model.tables import Duty
from service.areas.commands.posts import PostRefused, Posts, announce, is_held_on, open_posts
from service.areas.queries import AreaKey
from service.areas.rows import SAMPLE_NAMES, ListedHandover
from service.audit import commands as audit
from service.changes.events import Action
from service.core.actor import Actor
from service.core.sheets import RowFault


@dataclass
class HandoverReport:
    """What a sheet of handovers did; ``vacant`` posts had nobody who could hand over."""

    handed_over: int = 0
    vacant: int = 0
    same: int = 0
    faults: list[RowFault] = field(default_factory=list)


def hand_over(
    session: Session, listed: Sequence[ListedHandover], actor: Actor, today: date
) -> HandoverReport:
    """Carry out a sheet of handovers; a row that cannot be carried out is refused by itself.

    What a row leaves empty (telephone, organisation) stays as it was, and so does the publish
    flag; a post that is vacant takes them from whoever held it last. The same sheet again
    changes nothing.
    """
    posts = open_posts(session, (item.area for item in listed))
    report = HandoverReport()
    for item in listed:
        try:
            _hand_over(session, posts, item, today, report)
        except PostRefused as refused:
            report.faults.append(refused.fault)
    if report.handed_over or report.vacant:
        counts = {"handed_over": report.handed_over, "vacant": report.vacant}
        audit.record(session, actor=actor, action="duties:hand_over", subject="duties", **counts)
    return report


def _hand_over(
    session: Session, posts: Posts, item: ListedHandover, today: date, report: HandoverReport
) -> None:
    area = posts.find_area(item)
    held = posts.held(area.id, item.role)
    if any((d.display_name, d.valid_from) == (item.display_name, item.begins) for d in held):
        report.same += 1
        return
    old = _find_holder(held, item)
    new = _successor(old or _find_last_holder(held, item.begins), area, item, today)
    session.add(new)
    if old is not None:
        _close(session, held, old, item.begins, area.division)
    session.flush()
    held.append(new)
    announce(session, new, Action.NEW, area.division)
    report.handed_over += old is not None
    report.vacant += old is None


def _find_holder(held: Sequence[Duty], item: ListedHandover) -> Duty | None:
    """Who hands over: the one holder of the post on that day, or the one the row names."""
    holders = [d for d in held if d.stand_in_for is None and is_held_on(d, item.begins)]
    if item.instead_of:
        holders = [duty for duty in holders if duty.display_name == item.instead_of]
        if not holders:
            raise PostRefused(
                item.row,
                "instead_of",
                f"{item.instead_of} does not hold this role in {item.area} on {item.begins}",
                "write the name as it is shown; see `menpai duties list`",
            )
    if len(holders) > 1:
        names = "、".join(duty.display_name for duty in holders)
        hint = f"say in a column instead_of who hands over: {names}"
        raise PostRefused(item.row, "area", f"{len(holders)} hold this role in {item.area}", hint)
    if holders and holders[0].valid_from >= item.begins:
        hint = "correct the day, or the first day of the old duty"
        reason = f"{holders[0].display_name} begins on that day or after"
        raise PostRefused(item.row, "from", reason, hint)
    return holders[0] if holders else None


def _find_last_holder(held: Sequence[Duty], day: date) -> Duty | None:
    """Who held a post last before a day."""
    gone = [duty for duty in held if duty.valid_to and duty.valid_to < day]
    return max(
        (d for d in gone if d.stand_in_for is None), key=lambda d: d.valid_from, default=None
    )


def _successor(old: Duty | None, area: AreaKey, item: ListedHandover, today: date) -> Duty:
    phone = item.phone or (old.phone if old else "")
    if not phone:
        reason = "the post has no telephone yet, and the row gives none"
        raise PostRefused(item.row, "phone", reason, "give the office's number")
    return Duty(
        area_id=area.id,
        role=item.role,
        display_name=item.display_name,
        organisation=item.organisation or (old.organisation if old else ""),
        phone=phone,
        publish=old.publish if old else False,
        is_sample=item.display_name.startswith(SAMPLE_NAMES),
        valid_from=item.begins,
        confirmed_at=today,
    )


def _close(session: Session, held: list[Duty], old: Duty, begins: date, division: str) -> None:
    """End a duty the day before, with those who stand in for it; who had not begun goes."""
    last = begins - timedelta(days=1)
    for duty in [old, *(duty for duty in held if duty.stand_in_for == old.id)]:
        if duty.valid_from > last:
            held.remove(duty)
            session.delete(duty)
            announce(session, duty, Action.WITHDRAWN, division)
        elif duty.valid_to is None or duty.valid_to > last:
            duty.valid_to = last
            announce(session, duty, Action.ENDED, division)
