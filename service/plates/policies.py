"""Which events a plate may take in its state, and the permission that each needs."""

from address_model.codes import format_code
from address_model.inspections import FINDINGS, Finding, PlateEventKind, find_status_after
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    GONE,
    NOT_HUNG,
    PLATE_STATUS_NAMES,
    PLATE_TRANSITIONS,
    AddressStatus,
    PlateStatus,
    may_plate_become,
)
from address_model.plate_standing import Standing
from service.auth.permissions import Permission
from service.core.errors import Conflict
from service.plates.event_report import EventReport
from service.plates.queries.locked_plates import LockedPlate

PERMISSION_TO_RECORD: dict[PlateEventKind, Permission] = {
    PlateEventKind.INSTALLED: Permission.PLATES_INSTALL,
    PlateEventKind.BOUND: Permission.PLATES_INSTALL,
    PlateEventKind.REPAIRED: Permission.PLATES_INSTALL,
    PlateEventKind.TAKEN_DOWN: Permission.PLATES_INSTALL,
    PlateEventKind.WELL: Permission.INSPECTIONS_WRITE,
    PlateEventKind.ORDERED: Permission.PLATES_WRITE,
    PlateEventKind.VOIDED: Permission.PLATES_WRITE,
} | {PlateEventKind(str(finding)): Permission.INSPECTIONS_WRITE for finding in Finding}
"""What a person needs to record each kind; that a plate was replaced follows from another event."""

DECISIONS = frozenset({PlateEventKind.ORDERED, PlateEventKind.VOIDED})
"""What the office decides by what it has read in the register, not by what hangs there."""


def require_step(held: LockedPlate, after: PlateStatus) -> None:
    """Refuse a state that may not follow.

    Raises:
        Conflict: the transition table has no such step.
    """
    if not may_plate_become(held.status, after):
        steps = "、".join(PLATE_STATUS_NAMES[s] for s in sorted(PLATE_TRANSITIONS[held.status]))
        raise Conflict(
            f"plate {held.token} is {_state(held)} and cannot become {PLATE_STATUS_NAMES[after]}",
            hint=f"from here it may become {steps}" if steps else _after_the_end(held),
        )


def require_hangable(held: LockedPlate) -> None:
    """Refuse to hang a plate that is in use, has ended, or stands for an address that is gone.

    A plate whose maker's delivery nobody recorded may be hung: that it is there proves that it
    was made, so it walks along the transition table to the wall.

    Raises:
        Conflict: it may not be hung.
    """
    require_bound(held)
    require_living_address(held)
    if held.status not in NOT_HUNG:
        require_step(held, PlateStatus.IN_USE)


def require_bound(held: LockedPlate) -> None:
    """Refuse what cannot be done with a blank plate.

    Raises:
        Conflict: the plate has no address.
    """
    if not held.code:
        raise Conflict(
            f"plate {held.token} is blank: it stands for no address yet",
            hint="bind it to the address it hangs at",
        )


def require_living_address(held: LockedPlate) -> None:
    """Refuse a plate for an address that has ended.

    Raises:
        Conflict: the address was replaced, retired or is invalid.
    """
    if held.address_status in GONE:
        state = ADDRESS_STATUS_NAMES[AddressStatus(held.address_status)]
        why = f"，原因：{held.address_reason}" if held.address_reason else ""
        raise Conflict(
            f"地址 {format_code(held.code)} {held.standard_text} 已终止（{state}{why}），"
            "它的门牌不能再挂、再换",
            hint="把门牌取下或带回，记“取下带回”，或由办公室注销；要挂的是现在有效地址的门牌",
        )


def require_ended_address(held: LockedPlate) -> None:
    """Refuse to take down for good what stands for an address that lives.

    Raises:
        Conflict: the plate is blank or its address lives.
    """
    require_bound(held)
    if held.standing is not Standing.ADDRESS_ENDED:
        raise Conflict(
            f"{held.standard_text}仍然有效，门牌不用取下",
            hint="门牌有问题的，选破裂、挂错等情况；不再要这块门牌的，由办公室注销",
        )


def require_seen_text(held: LockedPlate, visit: EventReport) -> None:
    """Refuse to hang a plate that says something else than the register, unless that was seen.

    Raises:
        Conflict: nobody has said so.
    """
    if held.standing is Standing.OTHER_TEXT and not visit.accepts_text:
        raise Conflict(
            f"文字不符：牌上是“{held.printed_text}”，地址现在是“{held.face}”",
            hint="不要挂，带回等新牌；确实要先挂上的，勾选“文字不符，仍然先挂上”"
            "（接口：accepts_text）再提交",
        )


def require_no_order(held: LockedPlate) -> None:
    """Refuse a second replacement of one plate.

    Raises:
        Conflict: one is ordered already.
    """
    if held.replaced_by:
        raise Conflict(
            f"plate {held.token} is being replaced by {held.replaced_by} already",
            hint="install that one, or void it and order again",
        )


def require_finding(held: LockedPlate, finding: Finding) -> PlateStatus:
    """The state of a plate once this was found.

    Raises:
        Conflict: it cannot be found of a plate in this state.
    """
    require_bound(held)
    after = find_status_after(finding, held.status)
    if after is None:
        raise Conflict(
            f"plate {held.token} is {_state(held)}: {FINDINGS[finding].sign} does not apply",
            hint=_after_the_end(held),
        )
    return after


def _state(held: LockedPlate) -> str:
    return PLATE_STATUS_NAMES[held.status]


def _after_the_end(held: LockedPlate) -> str:
    if held.replaced_by:
        return f"go on with the plate in its place, {held.replaced_by}"
    return "a plate that has ended never returns; order a new one for the address"
