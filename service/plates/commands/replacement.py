"""Orders the next generation of a plate, and voids plates."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind
from address_model.inspections import PlateEventKind
from address_model.lifecycle import PlateStatus
from address_model.tables import PlateBatch
from address_model.work import WorkKind
from service.approvals import commands as approvals
from service.approvals.drafts import RequestDraft, digest_lines
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import BadRequest
from service.plates.commands.event_record import EventDraft, hold_visited, record_event
from service.plates.commands.issue import issue_plates, open_batch
from service.plates.commands.succession import free_plates_before, set_successor
from service.plates.event_report import EventReport
from service.plates.policies import (
    require_bound,
    require_living_address,
    require_no_order,
    require_same_kind,
    require_step,
)
from service.plates.queries.events import EventRow
from service.plates.queries.locked_plates import LockedPlate
from service.worklists import commands as worklists
from service.worklists.drafts import WorkDraft

_COLLECTING = text(
    "select b.id from plate_batch b where b.name = :name and b.design = :design "
    "and b.payload_prefix = :prefix and b.is_trial = :trial and not exists ("
    "select 1 from plate p where p.batch_id = b.id and p.status <> 'to_make') "
    "order by b.id desc limit 1"
)
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
_AT_ONCE = {
    PlateStatus.TO_MAKE: PlateStatus.VOID,
    PlateStatus.MAKING: PlateStatus.VOID,
    PlateStatus.TO_INSTALL: PlateStatus.REPLACED,
}
"""A plate not installed yet ends with the order; an installed one when the new one is installed."""


@dataclass(frozen=True, slots=True)
class ReplacementRequest:
    """The reason of a replacement, and the payload prefix of the new plate.

    ``approval_above`` is how many plates its author may issue per day without approval.
    """

    reason: str
    payload_prefix: str
    is_trial: bool = False
    approval_above: int = 0

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise BadRequest(
                "a replacement needs a reason", hint="give one; the scan page shows it"
            )


def replace_plate(
    session: Session, token: str, order: ReplacementRequest, visit: EventReport, actor: Actor
) -> EventRow:
    """Order the next generation of a plate; the event's ``successor`` is its token.

    The old plate keeps its row and refers to the new one. An installed plate keeps its state until
    the new one is installed. New plates are collected in one batch per county and month, until its
    production begins.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it has ended, is blank or being replaced already; its address has ended; only one
            of the two is for trial; or the author has used up the daily limit without approval.
        DeadHost: the public could not open the new QR code, and it is not for trial.
    """
    author = approvals.hold_author(session, actor)
    extra = {"reason": order.reason}
    held, repeated = hold_visited(session, token, visit, PlateEventKind.ORDERED, **extra)
    if repeated:
        return repeated
    require_bound(held)
    require_living_address(held)
    after = _AT_ONCE.get(held.status)
    require_step(held, after or PlateStatus.REPLACED)
    require_no_order(held)
    require_same_kind(held, is_trial=order.is_trial)
    batch = _find_batch(session, held, order, actor)
    if not order.is_trial:  # it counts towards its author's daily limit without approval
        digest = digest_lines([held.token, held.code, order.reason])
        asked = RequestDraft(ApprovalKind.PLATE_BATCH, str(batch.id), held.division, 1, digest)
        approvals.go_on_alone(session, asked, author, approval_above=order.approval_above)
    (newer,) = issue_plates(session, batch, [held.code], actor)
    set_successor(session, token, newer)
    detail: dict[str, object] = {"successor": newer, "ordered_because": order.reason}
    what = EventDraft(PlateEventKind.ORDERED, after or held.status, order.reason, detail)
    event = record_event(session, held, what, visit, actor, **extra)
    if after:
        worklists.cancel_items_of(session, [token], "改装新牌", actor)
        draft = WorkDraft(WorkKind.INSTALL, held.code, newer, order.reason)
    else:
        worklists.finish_items_of(session, [token], [WorkKind.REPAIR], "改为更换", actor)
        draft = WorkDraft(WorkKind.REPLACE, held.code, token, order.reason)
    worklists.open_item(session, draft, actor)
    return event


def void_plate(
    session: Session, token: str, reason: str, visit: EventReport, actor: Actor
) -> EventRow:
    """Void a plate (注销) permanently; its scan page shows the reason.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it has ended already.
        BadRequest: the reason is empty.
    """
    if not reason.strip():
        raise BadRequest("voiding needs a reason", hint="give one; the scan page shows it")
    held, repeated = hold_visited(session, token, visit, PlateEventKind.VOIDED, reason=reason)
    if repeated:
        return repeated
    require_step(held, PlateStatus.VOID)
    free_plates_before(session, held)
    what = EventDraft(PlateEventKind.VOIDED, PlateStatus.VOID, reason)
    event = record_event(session, held, what, visit, actor, reason=reason)
    worklists.cancel_items_of(session, [token], f"门牌已注销：{reason}", actor)
    return event


def _find_batch(
    session: Session, held: LockedPlate, order: ReplacementRequest, actor: Actor
) -> PlateBatch:
    """This month's batch of replacements in the county, if its production has not begun."""
    name = f"补换 {held.division[:6]} {today():%Y-%m}"
    values = {
        "name": name,
        "design": held.design,
        "prefix": order.payload_prefix,
        "trial": order.is_trial,
    }
    session.execute(_ONE_AT_A_TIME, {"name": name})
    found = session.scalar(_COLLECTING, values)
    if found is not None:
        batch = session.get(PlateBatch, found)
        assert batch is not None  # noqa: S101 - its id was read just now
        return batch
    return open_batch(
        session,
        name=name,
        design=held.design,
        payload_prefix=order.payload_prefix,
        actor=actor,
        is_trial=order.is_trial,
    )
