"""Changes one duty at the desk: a new holder, a stand-in, publication, last day, account."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Area, Duty
from service.areas.commands.duties import DutyFilter, DutyNotFound, confirm_duties, hide_duties
from service.areas.commands.handovers import HandoverReport, hand_over_post
from service.areas.commands.posts import PostRefused, Posts, announce, open_posts, record_of
from service.areas.policies import require_area_account, require_within
from service.areas.queries import AreaKey, RosterFilter, RosterRow, list_roster
from service.areas.rows import ListedDuty, ListedHandover
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.members import StaffMember
from service.auth.queries import hold_account
from service.changes.commands import Action
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict


@dataclass(frozen=True, slots=True)
class HeldDuty:
    """A locked duty with its area and the other duties of its post."""

    posts: Posts
    area: AreaKey
    duty: Duty

    @property
    def post(self) -> list[Duty]:
        """The past, present and future duties of the same role in the area."""
        return self.posts.held(self.area.id, self.duty.role)


def hold_duty(session: Session, number: int, seen: int | None) -> HeldDuty:
    """Lock a duty with its post.

    Raises:
        DutyNotFound: there is no such number.
        Outdated: the duty was changed after it was seen.
    """
    found = session.execute(
        select(Area.code, Area.id).join(Duty, Duty.area_id == Area.id).where(Duty.id == number)
    ).first()
    posts = open_posts(session, [found.code] if found else [])
    held = [duty for duties in posts.duties.values() for duty in duties if duty.id == number]
    if found is None or not held:
        raise DutyNotFound(f"there is no duty {number}", hint="see the roster")
    [duty] = held
    require_seen(session, record_of(duty), seen)
    [area] = [one for one in posts.areas[found.code] if one.id == found.id]
    return HeldDuty(posts, area, duty)


def change_holder(
    session: Session,
    number: int,
    order: ListedHandover,
    actor: Actor,
    today: date,
    *,
    reason: str = "",
    seen: int | None = None,
) -> int:
    """Hand a duty over from a day on; return the number of the new duty.

    The former holder is shown to the last evening before, the new one from midnight on. What
    ``order`` leaves empty stays as it was; its area and role are those of the duty.

    Raises:
        DutyNotFound, Outdated: as ``hold_duty``.
        BadRequest: the day or a value does not fit.
        Conflict: this holder has the post from that day already.
    """
    held = hold_duty(session, number, seen)
    duty, report = held.duty, HandoverReport()
    instead = duty.display_name if duty.stand_in_for is None else ""
    wanted = replace(order, area=held.area.code, role=duty.role, instead_of=instead)
    try:
        new = hand_over_post(session, held.posts, held.area, wanted, today=today, report=report)
    except PostRefused as refused:
        fault = refused.fault
        field = "begins" if fault.field in ("from", "instead_of") else fault.field
        raise BadRequest(fault.reason, hint=fault.hint, field=field) from refused
    if new is None:
        raise Conflict(
            f"{order.display_name} holds the post from that day already",
            hint="choose another day or another name",
        )
    told = {"reason": reason} if reason else {}
    told |= {"to": new.display_name, "dated": str(order.begins)}
    _note(session, duty, "replace", actor, new=new.id, **told)
    return new.id


def appoint_stand_in(
    session: Session, number: int, order: ListedDuty, actor: Actor, *, seen: int | None = None
) -> int:
    """Let somebody stand in for the holder of a duty, with both days; return the new duty's number.

    While the stand-in is published and shown, the holder is not.

    Raises:
        DutyNotFound, Outdated: as ``hold_duty``.
        BadRequest: the days do not lie within the duty, or it is itself that of a stand-in.
        Conflict: somebody else stands in for it in that time.
    """
    held = hold_duty(session, number, seen)
    duty = held.duty
    require_within(duty, order, held.post)
    new = Duty(
        area_id=duty.area_id,
        role=duty.role,
        display_name=order.display_name,
        organisation=order.organisation or duty.organisation,
        phone=order.phone,
        publish=duty.publish,
        is_sample=order.is_sample,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        stand_in_for=duty.id,
    )
    session.add(new)
    session.flush()
    announce(session, new, Action.NEW)
    days = {"first": str(order.valid_from), "last": str(order.valid_to)}
    _note(session, duty, "stand_in", actor, to=new.display_name, new=new.id, **days)
    return new.id


def publish_duty(
    session: Session, number: int, actor: Actor, *, publish: bool, seen: int | None = None
) -> None:
    """Show a contact to residents from now on, or do not.

    Raises:
        DutyNotFound, Outdated: as ``hold_duty``.
        BadRequest: there is no telephone to show.
    """
    held = hold_duty(session, number, seen)
    if publish and not held.duty.phone:
        raise BadRequest(
            "a published contact has no telephone",
            hint="give the office's number",
            zh="还没有电话，不能公布：请先用“换人”或名单补上办公电话。",
        )
    if held.duty.publish is not publish:
        held.duty.publish = publish
        _finish(session, held, "publish" if publish else "withhold", actor)


def limit_duty(
    session: Session, number: int, last: date | None, actor: Actor, *, seen: int | None = None
) -> None:
    """Set or clear the last day of a duty; its stand-ins end with it at the latest.

    Raises:
        DutyNotFound, Outdated: as ``hold_duty``.
        BadRequest: the day lies before the first; a stand-in always has a last day.
    """
    held = hold_duty(session, number, seen)
    duty = held.duty
    if last is None and duty.stand_in_for is not None:
        raise BadRequest("a stand-in has no last day", hint="say until when", field="last")
    if last is not None and last < duty.valid_from:
        raise BadRequest(
            "the duty ends before it begins", hint="correct one of the two days", field="last"
        )
    if last == duty.valid_to:
        return
    before, duty.valid_to = duty.valid_to, last
    for other in held.post:
        is_longer = last is not None and (other.valid_to is None or other.valid_to > last)
        if other.stand_in_for == duty.id and is_longer and last is not None:
            other.valid_to = max(last, other.valid_from)
            announce(session, other, Action.CHANGED)
    _finish(session, held, "set_last_day", actor, before=str(before or ""), after=str(last or ""))


def bind_account(
    session: Session, number: int, name: str, actor: Actor, *, seen: int | None = None
) -> None:
    """Bind a duty to the account of its holder, or to none (``""``).

    The holder may then confirm and hide this contact, and sees what lies in the area.

    Raises:
        AccountNotFound, DutyNotFound, Outdated: there is none; it was changed since.
        Conflict: the account lacks the role of the duty in the division of the area.
    """
    account = hold_account(session, name) if name else None
    held = hold_duty(session, number, seen)
    if account is not None:
        require_area_account(account, held.duty.role, held.area.division)
    wanted = account.id if account else None
    if held.duty.account_id != wanted:
        held.duty.account_id = wanted
        _finish(session, held, "bind", actor, account=name)


def confirm_own_contact(
    session: Session, number: int, holder: StaffMember, today: date, *, seen: int | None = None
) -> None:
    """Let a holder confirm that the own name and telephone are right as of today.

    Raises:
        DutyNotFound: there is no such duty, or it is not bound to this account.
        Outdated: it was changed after it was seen.
    """
    _hold_own(session, number, holder, seen)
    confirm_duties(session, DutyFilter((number,)), holder.actor, today)


def hide_own_contact(
    session: Session, number: int, holder: StaffMember, *, reason: str = "", seen: int | None = None
) -> None:
    """Let a holder stop the own contact from being shown, at once; the office shows it again.

    Raises:
        DutyNotFound, Outdated: as ``confirm_own_contact``.
    """
    _hold_own(session, number, holder, seen)
    hide_duties(session, DutyFilter((number,)), holder.actor, reason=reason)


def _hold_own(session: Session, number: int, holder: StaffMember, seen: int | None) -> None:
    held = hold_duty(session, number, None)
    if held.duty.account_id != holder.account_id:  # before the version: it is nobody else's
        raise DutyNotFound(f"there is no duty {number}", hint="see the roster")
    require_seen(session, record_of(held.duty), seen)


def look_up_roster(
    session: Session,
    wanted: RosterFilter,
    actor: Actor,
    today: date,
    *,
    after: int = 0,
    limit: int = 50,
) -> list[RosterRow]:
    """A part of the roster for an officer; each reading of contacts is audited."""
    rows = list_roster(session, wanted, today, after=after, limit=limit)
    if rows:
        asked: dict[str, object] = {"division": wanted.division, "count": len(rows)}
        if wanted.numbers:
            asked["number"] = wanted.numbers[0]
        audit.record(session, actor=actor, action="duties:read", subject="duties", **asked)
    return rows


def _finish(session: Session, held: HeldDuty, verb: str, actor: Actor, **detail: object) -> None:
    """Announce and audit a change of a held duty."""
    session.flush()
    announce(session, held.duty, Action.CHANGED)
    _note(session, held.duty, verb, actor, **detail)


def _note(session: Session, duty: Duty, verb: str, actor: Actor, **detail: object) -> None:
    subject = f"duty {duty.id}"
    audit.record(session, actor=actor, action=f"duties:{verb}", subject=subject, **detail)
