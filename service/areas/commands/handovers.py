"""Hands over duties in bulk: the old duty ends the day before the new one begins."""

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
    """The result of a handover sheet; ``vacant`` counts new duties in posts without a holder."""

    handed_over: int = 0
    vacant: int = 0
    same: int = 0
    faults: list[RowFault] = field(default_factory=list)


def hand_over(
    session: Session,
    listed: Sequence[ListedHandover],
    actor: Actor,
    today: date,
    *,
    scope: str = "",
) -> HandoverReport:
    """Carry out a handover sheet; rows that cannot be carried out are refused one by one.

    ``scope`` is the beginning of the codes of the divisions that the areas must lie in.

    The publish flag, and an empty telephone or organisation, are taken from the former holder, in
    a vacant post from the last one. Loading the same sheet again changes nothing.
    """
    posts = open_posts(session, (item.area for item in listed))
    report = HandoverReport()
    for item in listed:
        try:
            area = posts.find_area(item)
            if not area.division.startswith(scope):
                hint = "leave it to the office of its division, or choose the wider one"
                reason = f"{item.area} does not lie in the division"
                report.faults.append(RowFault(item.row, "area", reason, hint))
                continue
            hand_over_post(session, posts, area, item, today=today, report=report)
        except PostRefused as refused:
            report.faults.append(refused.fault)
    if report.handed_over or report.vacant:
        counts = {"handed_over": report.handed_over, "vacant": report.vacant}
        audit.record(session, actor=actor, action="duties:hand_over", subject="duties", **counts)
    return report


def hand_over_post(
    session: Session,
    posts: Posts,
    area: AreaKey,
    item: ListedHandover,
    *,
    today: date,
    report: HandoverReport,
) -> Duty | None:
    """Carry out one row in an area of the opened posts; the new duty, None if it is there already.

    Raises:
        PostRefused: nobody holds the post as the row says, or several do; no telephone is known.
    """
    held = posts.held(area.id, item.role)
    if any((d.display_name, d.valid_from) == (item.display_name, item.begins) for d in held):
        report.same += 1
        return None
    old = _find_holder(held, item)
    ended = [d for d in held if d.valid_to and d.valid_to < item.begins and not d.stand_in_for]
    last_holder = old or max(ended, key=lambda duty: duty.valid_from, default=None)
    if not (phone := item.phone or (last_holder.phone if last_holder else "")):
        reason = "the post has no telephone yet, and the row gives none"
        raise PostRefused(item.row, "phone", reason, "give the office's number")
    new = Duty(
        area_id=area.id,
        role=item.role,
        display_name=item.display_name,
        organisation=item.organisation or (last_holder.organisation if last_holder else ""),
        phone=phone,
        publish=last_holder.publish if last_holder else False,
        is_sample=item.display_name.startswith(SAMPLE_NAMES),
        valid_from=item.begins,
        confirmed_at=today,
    )
    session.add(new)
    if old is not None:
        _close(session, held, old, item.begins, area.division)
    session.flush()
    held.append(new)
    announce(session, new, Action.NEW)
    report.handed_over += old is not None
    report.vacant += old is None
    return new


def _find_holder(held: Sequence[Duty], item: ListedHandover) -> Duty | None:
    """The duty handed over: the only one of the post on that day, or the one the row names."""
    holders = [d for d in held if d.stand_in_for is None and is_held_on(d, item.begins)]
    if item.instead_of:
        holders = [duty for duty in holders if duty.display_name == item.instead_of]
        if not holders:
            raise PostRefused(
                item.row,
                "instead_of",
                f"{item.instead_of} does not hold this role in {item.area} on {item.begins}",
                "write the name as shown; see `menpai duties list`",
            )
    if len(holders) > 1:
        names = "、".join(duty.display_name for duty in holders)
        hint = f"name who hands over in a column instead_of: {names}"
        raise PostRefused(item.row, "area", f"{len(holders)} hold this role in {item.area}", hint)
    if holders and holders[0].valid_from >= item.begins:
        hint = "correct the day, or the first day of the old duty"
        reason = f"{holders[0].display_name} begins on that day or after"
        raise PostRefused(item.row, "from", reason, hint)
    return holders[0] if holders else None


def _close(session: Session, held: list[Duty], old: Duty, begins: date, division: str) -> None:
    """End a duty and its stand-ins the day before; those that had not begun are deleted."""
    last = begins - timedelta(days=1)
    for duty in [old, *(duty for duty in held if duty.stand_in_for == old.id)]:
        if duty.valid_from > last:
            held.remove(duty)
            session.delete(duty)
            announce(session, duty, Action.WITHDRAWN, division)
        elif duty.valid_to is None or duty.valid_to > last:
            duty.valid_to = last
            announce(session, duty, Action.ENDED)
