"""Commands of field crews: install, confirm, report, repair, take down."""

from sqlalchemy.orm import Session

from address_model.inspections import FINDINGS, Finding, PlateEventKind
from address_model.lifecycle import ENDED, NOT_HUNG, PlateStatus
from address_model.plate_standing import Standing
from address_model.work import WorkKind
from service.core.actor import Actor
from service.core.errors import Conflict
from service.plates.commands.event_record import EventDraft, hold_visited, record_event
from service.plates.commands.settlement import ending_of, settle_plate
from service.plates.commands.succession import (
    DONE_BY_HANGING,
    end_plates_before,
    free_plates_before,
)
from service.plates.event_report import EventReport
from service.plates.policies import (
    require_bound,
    require_ended_address,
    require_finding,
    require_hangable,
    require_living_address,
    require_seen_text,
    require_step,
)
from service.plates.queries.events import EventRow
from service.plates.queries.locked_plates import lock_plate
from service.worklists import commands as worklists
from service.worklists.drafts import WorkDraft

LOOKED_AT = (WorkKind.INSPECT, WorkKind.ALARM)
"""The work that is done by looking at the plate, whatever is found."""


def install_plate(session: Session, token: str, visit: EventReport, actor: Actor) -> EventRow:
    """Record that a plate is installed: it is in use, and the plates it replaces end.

    A visit over 50 m from the register's point is flagged for an officer.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it is in use, has ended or is blank; its address has ended; or its text differs
            from the register and that is not confirmed.
    """
    held, repeated = hold_visited(session, token, visit, PlateEventKind.INSTALLED)
    if repeated:
        return repeated
    require_hangable(held)
    require_seen_text(held, visit)
    other = held.standing is Standing.OTHER_TEXT
    detail: dict[str, object] = {"printed": held.printed_text} if other else {}
    what = EventDraft(PlateEventKind.INSTALLED, PlateStatus.IN_USE, detail=detail)
    event = record_event(session, held, what, visit, actor)
    end_plates_before(session, held, visit, actor)
    keys = [held.token, held.code]
    worklists.finish_items_of(session, keys, DONE_BY_HANGING, "已安装", actor)
    if other:
        settle_plate(session, lock_plate(session, token), actor)
    return event


def take_down_plate(session: Session, token: str, visit: EventReport, actor: Actor) -> EventRow:
    """Record that the plate of an ended address was taken down or returned; it is voided.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: its address is living, it is blank, or it has ended already.
    """
    held, repeated = hold_visited(session, token, visit, PlateEventKind.TAKEN_DOWN)
    if repeated:
        return repeated
    require_ended_address(held)
    require_step(held, PlateStatus.VOID)
    free_plates_before(session, held)
    reason = f"{ending_of(held)}，门牌已取下"
    what = EventDraft(PlateEventKind.TAKEN_DOWN, PlateStatus.VOID, reason)
    event = record_event(session, held, what, visit, actor)
    worklists.finish_items_of(session, [token], list(WorkKind), "已取下带回", actor)
    return event


def confirm_plate(session: Session, token: str, visit: EventReport, actor: Actor) -> EventRow:
    """Record that a plate is in good condition, and finish its inspection.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it is not in use, or its address has ended.
    """
    held, repeated = hold_visited(session, token, visit, PlateEventKind.WELL)
    if repeated:
        return repeated
    require_bound(held)
    require_living_address(held)
    if held.status is not PlateStatus.IN_USE:
        raise Conflict(
            f"plate {token} is not in use",
            hint="if it is in good condition now, install it or record a repair",
        )
    event = record_event(session, held, EventDraft(PlateEventKind.WELL), visit, actor)
    worklists.finish_items_of(session, [token], LOOKED_AT, "完好", actor)
    return event


def report_plate(
    session: Session, token: str, finding: Finding, visit: EventReport, actor: Actor
) -> EventRow:
    """Record a finding about a plate (重 错 漏 损 破 …) and open the work that it needs.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: the finding does not apply in its state.
    """
    kind = PlateEventKind(str(finding))
    held, repeated = hold_visited(session, token, visit, kind)
    if repeated:
        return repeated
    after, rule = require_finding(held, finding), FINDINGS[finding]
    changed = after if after is not held.status else None
    what = EventDraft(kind, changed, f"巡查发现{rule.name}" if changed else "")
    event = record_event(session, held, what, visit, actor)
    outcome = f"{rule.sign}：{rule.name}"
    worklists.finish_items_of(session, [token], LOOKED_AT, outcome, actor)
    if held.standing is Standing.ADDRESS_ENDED and held.status not in ENDED:
        settle_plate(session, lock_plate(session, token), actor)
        return event
    never_hung = finding is Finding.MISSING and held.status in NOT_HUNG
    work = WorkKind.INSTALL if never_hung else rule.work
    draft = WorkDraft(work, held.code, token, f"{outcome} {visit.note}".strip())
    worklists.open_item(session, draft, actor)
    if held.standing is Standing.OTHER_TEXT:
        settle_plate(session, lock_plate(session, token), actor)
    return event


def repair_plate(session: Session, token: str, visit: EventReport, actor: Actor) -> EventRow:
    """Record that a plate was repaired on site: cleaned, uncovered, fixed, found again.

    On a plate that has ended, the repair finishes its open repair work.

    Raises:
        PlateNotFound: no plate carries this token.
        Conflict: it was never installed, or its address has ended.
    """
    held, repeated = hold_visited(session, token, visit, PlateEventKind.REPAIRED)
    if repeated:
        return repeated
    require_bound(held)
    if held.status in NOT_HUNG:
        raise Conflict(f"plate {token} was never installed", hint="install it")
    if held.status not in ENDED:
        require_living_address(held)
    stays = held.status in (PlateStatus.IN_USE, *ENDED)
    after = None if stays else PlateStatus.IN_USE
    what = EventDraft(PlateEventKind.REPAIRED, after)
    event = record_event(session, held, what, visit, actor)
    worklists.finish_items_of(session, [token], [WorkKind.REPAIR], "已修复", actor)
    return event
