"""Decides about a check-in far from the register's point: it stands, is repeated, or is refused."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.inspections import (
    CHECK_IN_ANSWERS,
    EVENT_NAMES,
    CheckInAnswer,
    Finding,
    PlateEventKind,
    find_status_returned,
)
from address_model.lifecycle import GONE, PlateStatus
from address_model.positions import PositionKind
from address_model.work import WorkKind
from service.addresses.commands import PointFacts, move_address
from service.addresses.queries import get_address, list_positions, lock_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.clock import zone
from service.core.errors import Conflict, NotFound
from service.plates.commands.event_record import hold_work
from service.plates.commands.settlement import follow_addresses, settle_plates
from service.plates.policies import require_living_address
from service.plates.queries.events import EventRow, find_event
from service.plates.queries.locked_plates import LockedPlate, lock_plate, see_plate
from service.worklists import commands as worklists
from service.worklists.drafts import WorkDraft
from service.worklists.queries import find_worker, list_items_of

_INSERT = text(
    "insert into check_in_review (token, event_id, answer, note, actor) "
    "values (:token, :event_id, :answer, :note, :actor)"
)
_RETURN = text(
    "update plate set status = cast(:after as varchar), status_reason = '', "
    "installed_at = case when cast(:after as varchar) = 'to_install' then null "
    "else installed_at end where token = :token"
)
_ONE_COMMIT = timedelta(seconds=5)
"""An item opened by an event is at most so much younger."""


def spot_text(point: Point | None) -> str:
    """A point as a form carries it, to tell whether it was moved meanwhile."""
    return f"{point.lon:.7f},{point.lat:.7f}" if point else ""


def accept_check_in(
    session: Session,
    token: str,
    event_id: str,
    actor: Actor,
    *,
    note: str = "",
    seen: int | None = None,
    spot: str | None = None,
) -> None:
    """The check-in is true (属实移点): the address's own point is where it was made.

    ``spot`` is the register's point that was shown, as ``spot_text`` writes it; None for any.

    Raises:
        PlateNotFound, NotFound: there is no such plate or event.
        Outdated: the plate has changed since the version ``seen``.
        Conflict: the event is not far off, or has been decided about; the address has ended or is
            frozen; its point was moved meanwhile, or is that of an entrance.
    """
    held, event = _hold_undecided(session, token, event_id, seen)
    assert event.point is not None  # noqa: S101 - no distance is measured without one
    if spot is not None and spot != spot_text(held.point):
        raise Conflict(
            f"the point of {held.code} was moved meanwhile",
            hint="look at it again",
            zh="登记位置在您看过以后移动过，请重新打开这次打卡，看清楚再办。",
        )
    kinds = {row.kind for row in list_positions(session, [held.code]).get(held.code, [])}
    if PositionKind.ENTRANCE in kinds:
        raise Conflict(
            f"check-ins at {held.code} are measured from its entrance",
            hint="move the entrance on the page of the address",
            zh="这个地址登记了出入口，距离从出入口量起；请到地址页移动出入口，再选“重拍”或“退回”。",
        )
    before = get_address(session, held.code)
    facts = PointFacts(source="officer", note=note)
    reason = f"打卡属实：门牌 {token}，{EVENT_NAMES[PlateEventKind(event.kind)]}"
    move_address(session, held.code, event.point, actor, facts=facts, reason=reason)
    follow_addresses(session, [before], actor)
    _note_review(session, held, event, (CheckInAnswer.MOVED, note, actor), held.status)


def repeat_check_in(
    session: Session,
    token: str,
    event_id: str,
    actor: Actor,
    *,
    note: str = "",
    seen: int | None = None,
) -> None:
    """The check-in is to be made again (重拍): the person gets an inspection of the plate.

    Raises:
        PlateNotFound, NotFound, Outdated: as ``accept_check_in``.
        Conflict: the event is not far off, or has been decided about; the address has ended.
    """
    held, event = _hold_undecided(session, token, event_id, seen)
    require_living_address(held)
    reason = f"请到门前重新拍照、打卡（{_told_distance(event)}）"
    _send_again(session, event, WorkKind.INSPECT, f"{reason}：{note}" if note else reason, actor)
    _note_review(session, held, event, (CheckInAnswer.AGAIN, note, actor), held.status)


def refuse_check_in(
    session: Session,
    token: str,
    event_id: str,
    actor: Actor,
    *,
    note: str = "",
    seen: int | None = None,
) -> None:
    """The check-in is refused (退回): the plate goes back to the state that it had before.

    The work that it opened is cancelled, and the person gets the work to do again. A state that
    something else has set since stays, as do plates that ended when this one was hung, and
    everything about an address that has ended.

    Raises:
        PlateNotFound, NotFound, Outdated: as ``accept_check_in``.
        Conflict: the event is not far off, or has been decided about; the plate ended by it.
    """
    held, event = _hold_undecided(session, token, event_id, seen)
    before, after = PlateStatus(event.before), PlateStatus(event.after)
    former = find_status_returned(before, after, held.status)
    if former is None:
        raise Conflict(
            f"plate {token} has ended by this check-in",
            hint="a plate that has ended stays ended; order a new one for the address",
            zh="这块门牌已经因这次打卡注销，不能退回；确实还要用的，请补一块新牌。",
        )
    if held.address_status in GONE:
        former = held.status
    elif former is not held.status:
        session.execute(_RETURN, {"token": token, "after": str(former)})
    for item in list_items_of(session, token, state="open"):
        by_event = item.opened_by == event.actor and event.kind in set(Finding)
        if by_event and abs(item.opened_at - event.recorded_at) < _ONE_COMMIT:
            worklists.cancel_item(session, item.id, "打卡已退回", actor)
    if held.address_status not in GONE:
        kind = WorkKind.INSTALL if former is PlateStatus.TO_INSTALL else WorkKind.INSPECT
        reason = f"打卡已退回，请到现场重新办理（{_told_distance(event)}）"
        _send_again(session, event, kind, f"{reason}：{note}" if note else reason, actor)
    _note_review(session, held, event, (CheckInAnswer.REFUSED, note, actor), former)
    settle_plates(session, [token], actor)


def _hold_undecided(
    session: Session, token: str, event_id: str, seen: int | None
) -> tuple[LockedPlate, EventRow]:
    """Lock the plate, its address and the work at it; return plate and event, not decided about."""
    code = see_plate(session, token).code
    lock_addresses(session, [code])
    held = lock_plate(session, token)
    hold_work(session, code)
    event = find_event(session, token, event_id)
    if event is None or event.code != code:
        raise NotFound(f"plate {token} has no event {event_id}", zh="没有这次打卡。")
    if not event.is_far:
        raise Conflict(
            f"event {event_id} was made at the register's point",
            hint="only check-ins over 50 m off are decided about",
            zh="这次打卡离登记位置不远，不用核实。",
        )
    if event.review is not None:
        who, at = Actor.parse(event.review.actor).name, event.review.at.astimezone(zone())
        name = CHECK_IN_ANSWERS[event.review.answer]
        raise Conflict(
            f"event {event_id} was decided about by {who}",
            hint="there is nothing to do",
            zh=f"{who} 已在 {at:%Y-%m-%d %H:%M} 处理了这次打卡：{name}。",
        )
    require_seen(session, held.record, seen)
    return held, event


def _note_review(
    session: Session,
    held: LockedPlate,
    event: EventRow,
    decided: tuple[CheckInAnswer, str, Actor],
    after: PlateStatus,
) -> None:
    """Record the decision: answer, note and who; ``after`` is the state of the plate now."""
    answer, note, actor = decided
    values = {"token": held.token, "event_id": event.id, "answer": str(answer)}
    session.execute(_INSERT, values | {"note": note, "actor": str(actor)})
    announce(session, Subject.PLATE, Action.REVIEWED, [held.token])
    audit.record(
        session,
        actor=actor,
        action="plates:settle_check_in",
        subject=held.token,
        answer=CHECK_IN_ANSWERS[answer],
        kind=event.kind,
        before=str(held.status),
        after=str(after),
        reason=note,
    )


def _told_distance(event: EventRow) -> str:
    return f"上次离登记位置约 {round(event.distance_m or 0)} 米"


def _send_again(
    session: Session, event: EventRow, kind: WorkKind, reason: str, actor: Actor
) -> None:
    """Open work at the plate for the person who made the check-in, if they still work there."""
    worker = find_worker(session, Actor.parse(event.actor).name)
    name = worker.name if worker else ""
    draft = WorkDraft(kind, event.code, event.token, reason, assignee=name)
    worklists.open_item(session, draft, actor)
