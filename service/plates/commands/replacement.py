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
from service.approvals.drafts import Author, RequestDraft, digest_lines
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import BadRequest, Conflict
from service.plates.commands.event_record import PlateHappening, hold_visited, record_event
from service.plates.commands.issue import issue_plates, open_batch
from service.plates.commands.succession import free_plates_before, lead_to
from service.plates.event_report import EventReport
from service.plates.policies import (
    require_bound,
    require_living_address,
    require_no_order,
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
"""What never hung on a wall ends with the order; what hangs there lives until the new one does."""


@dataclass(frozen=True, slots=True)
class ReplacementRequest:
    """Why a plate is replaced, and what the QR code of the new one begins with.

    ``approval_above`` is how many plates its author may issue a day without a second person.
    """

    reason: str
    payload_prefix: str
    is_trial: bool = False
    approval_above: int = 0

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise BadRequest("a replacement has a reason", hint="say why; the scan page tells it")


def replace_plate(
    session: Session, token: str, order: ReplacementRequest, visit: EventReport, actor: Actor
) -> EventRow:
    """Order the next generation of a plate; the event's ``successor`` is its token.

    The old plate keeps its row and leads to the new one. While it hangs it stays what it is, and
    becomes replaced when the new one is installed. New plates gather in one batch a county and
    month, until its making begins.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it has ended, is blank, is being replaced already, or its address is gone; or one
            of the two is for trial and the other is not; or the author has issued as many plates
            today as one person may.
        DeadHost: nobody could open the new one's QR code, and it is not for trial.
    """
    author = approvals.hold_author(session, actor)
    said = {"reason": order.reason}
    held, repeated = hold_visited(session, token, visit, PlateEventKind.ORDERED, **said)
    if repeated:
        return repeated
    require_bound(held)
    require_living_address(held)
    after = _AT_ONCE.get(held.status)
    require_step(held, after or PlateStatus.REPLACED)
    require_no_order(held)
    _require_same_kind(held, order)
    batch = _find_batch(session, held, order, actor)
    _note_alone(session, batch, held, order, author)
    (newer,) = issue_plates(session, batch, [held.code], actor)
    lead_to(session, token, newer)
    detail: dict[str, object] = {"successor": newer, "ordered_because": order.reason}
    what = PlateHappening(PlateEventKind.ORDERED, after or held.status, order.reason, detail)
    event = record_event(session, held, what, visit, actor, **said)
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
    """Void a plate (注销) for ever; a scan of it says so, with the reason.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it has ended already.
        BadRequest: no reason was given.
    """
    if not reason.strip():
        raise BadRequest("voiding has a reason", hint="say why; the scan page tells it")
    held, repeated = hold_visited(session, token, visit, PlateEventKind.VOIDED, reason=reason)
    if repeated:
        return repeated
    require_step(held, PlateStatus.VOID)
    free_plates_before(session, held)
    what = PlateHappening(PlateEventKind.VOIDED, PlateStatus.VOID, reason)
    event = record_event(session, held, what, visit, actor, reason=reason)
    worklists.cancel_items_of(session, [token], f"门牌已注销：{reason}", actor)
    return event


def _note_alone(
    session: Session,
    batch: PlateBatch,
    held: LockedPlate,
    order: ReplacementRequest,
    author: Author,
) -> None:
    """Count the new plate in its author's day: no second person looks at it. Trials do not count.

    Raises:
        Conflict: it would be more than one person may issue a day.
    """
    if order.is_trial:
        return
    digest = digest_lines([held.token, held.code, order.reason])
    draft = RequestDraft(ApprovalKind.PLATE_BATCH, str(batch.id), held.division, 1, digest)
    approvals.go_on_alone(session, draft, author, approval_above=order.approval_above)


def _find_batch(
    session: Session, held: LockedPlate, order: ReplacementRequest, actor: Actor
) -> PlateBatch:
    """The batch of this month's replacements in the county that is not being made yet."""
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


def _require_same_kind(held: LockedPlate, order: ReplacementRequest) -> None:
    """A trial plate comes in place of a trial plate, a real one of a real one."""
    if held.is_trial and not order.is_trial:
        raise Conflict(
            f"{held.token} 是试印牌，不补换",
            hint="在批次里给这个地址制作正式门牌，试印牌随之作废",
        )
    if order.is_trial and not held.is_trial:
        raise Conflict(
            f"{held.token} 是正式门牌，试印牌不能代替它",
            hint="设置 MENPAI_PUBLIC_URL 以后，再补换正式门牌",
        )
