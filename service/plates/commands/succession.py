"""Succession of plates: old plates end for a newly installed one and refer to it."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import PlateEventKind
from address_model.lifecycle import PlateStatus
from address_model.work import WorkKind
from service.changes.events import Action
from service.core.actor import Actor
from service.plates.commands.event_record import EventDraft, record_event
from service.plates.commands.notices import announce_plates
from service.plates.event_report import EventReport
from service.plates.queries.locked_plates import LockedPlate, lock_plates_before
from service.worklists import commands as worklists

_LEAD_TO = text("update plate set replaced_by = :newer where token = :token")
_LEAD_ON = text(
    "update plate p set replaced_by = :newer where p.code = :code and p.status = 'replaced' "
    "and p.token <> :newer and (p.replaced_by is null or exists ("
    "select 1 from plate v where v.token = p.replaced_by and v.status = 'void')) returning p.token"
)
_FREE = text(
    "update plate set replaced_by = null where replaced_by = :token "
    "and status not in ('replaced', 'void') returning token"
)
DONE_BY_HANGING = (WorkKind.INSTALL, WorkKind.REPLACE, WorkKind.REPAIR)
"""The work that installing a plate finishes, on it and on the plates before it."""

_DONE_BEFORE = (*DONE_BY_HANGING, WorkKind.REPORT)
"""What it finishes on the plates before it: residents reported those, not the new one."""

_NEVER_HUNG = (PlateStatus.TO_MAKE, PlateStatus.MAKING)


def end_plates_before(
    session: Session, held: LockedPlate, visit: EventReport, actor: Actor
) -> None:
    """End the plates that a newly installed one replaces, and the work on them.

    Replaced plates of the address that refer to no plate, or to a void one, refer to it then.
    """
    for older in lock_plates_before(session, held.token):
        end_plate(session, older, held.token, visit, actor)
    led_on = session.scalars(_LEAD_ON, {"newer": held.token, "code": held.code})
    announce_plates(session, led_on, Action.LED_ON)


def end_plate(
    session: Session,
    older: LockedPlate,
    newer: str,
    visit: EventReport,
    actor: Actor,
    *,
    reason: str = "",
) -> None:
    """End one plate in favour of another: replaced, or void if it was never made."""
    after = PlateStatus.VOID if older.status in _NEVER_HUNG else PlateStatus.REPLACED
    kind = PlateEventKind.VOIDED if after is PlateStatus.VOID else PlateEventKind.REPLACED
    what = EventDraft(kind, after, reason or older.reason or "已换新牌", {"successor": newer})
    if older.replaced_by is None:
        set_successor(session, older.token, newer)
    record_event(session, older, what, visit, actor, successor=newer)
    worklists.finish_items_of(session, [older.token], _DONE_BEFORE, "已换新牌", actor)
    worklists.cancel_items_of(session, [older.token], "已换新牌", actor)


def set_successor(session: Session, token: str, newer: str) -> None:
    """Set the successor of a plate."""
    session.execute(_LEAD_TO, {"token": token, "newer": newer})
    announce_plates(session, [token], Action.LED_ON)


def free_plates_before(session: Session, held: LockedPlate) -> None:
    """Clear the successor of the plates that this one, now void, was to replace."""
    announce_plates(session, session.scalars(_FREE, {"token": held.token}), Action.LED_ON)
