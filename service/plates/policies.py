"""Which events a plate may take in its state, and the permission that each needs."""

from collections.abc import Sequence

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
from service.addresses.queries import AddressRow
from service.auth.permissions import Permission
from service.core.errors import BadRequest, Conflict
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
"""The permission for each kind of event; ``replaced`` is recorded only as a consequence."""

HUNG = frozenset({PlateEventKind.INSTALLED, PlateEventKind.BOUND})
"""What is recorded when a plate is put on the wall."""

DECISIONS = frozenset({PlateEventKind.ORDERED, PlateEventKind.VOIDED})
"""Decisions of the office, based on the register and not on a visit."""


def require_step(held: LockedPlate, after: PlateStatus) -> None:
    """Refuse a state that may not follow the current one.

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
    """Refuse to install a plate that is blank, in use or ended, or whose address has ended.

    A plate may be installed even if its delivery was not recorded: that it is at hand proves that
    it was made.

    Raises:
        Conflict: it may not be installed.
    """
    require_bound(held)
    require_living_address(held)
    if held.status not in NOT_HUNG:
        require_step(held, PlateStatus.IN_USE)


def require_proof(kind: PlateEventKind, visit: EventReport, needed: str) -> None:
    """Refuse to record a plate as hung without the proof that is asked for here.

    ``needed`` is the setting ``crew_proof``: photo, position, both, or "".

    Raises:
        BadRequest: there is no photo, or no position.
    """
    if kind not in HUNG:
        return
    if needed in ("photo", "both") and not visit.photo:
        raise BadRequest(
            "a plate is recorded as hung with a photo",
            hint="take one of the plate on the wall",
            zh="安装打卡必须拍照：请拍一张挂好的门牌，再提交。",
            field="photo",
        )
    if needed in ("position", "both") and visit.point is None:
        raise BadRequest(
            "a plate is recorded as hung with its position",
            hint="let the phone say where it is, or type the degrees",
            zh="安装打卡必须有位置：请允许手机定位，或在“备注、手工填位置”里填经纬度，再提交。",
            field="lon",
        )


def require_bound(held: LockedPlate) -> None:
    """Refuse a blank plate.

    Raises:
        Conflict: the plate has no address.
    """
    if not held.code:
        raise Conflict(
            f"plate {held.token} is blank: it has no address yet",
            hint="bind it to the address it hangs at",
        )


def require_living_address(held: LockedPlate) -> None:
    """Refuse a plate whose address has ended.

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
    """Refuse to take down a plate permanently while its address is living.

    Raises:
        Conflict: the plate is blank, or its address is living.
    """
    require_bound(held)
    if held.standing is not Standing.ADDRESS_ENDED:
        raise Conflict(
            f"{held.standard_text}仍然有效，门牌不用取下",
            hint="门牌有问题的，选破裂、挂错等情况；不再要这块门牌的，由办公室注销",
        )


def require_seen_text(held: LockedPlate, visit: EventReport) -> None:
    """Refuse to install a plate whose text differs from the register, unless that is confirmed.

    Raises:
        Conflict: it differs, and ``accepts_text`` is not set.
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
        Conflict: a replacement is ordered already.
    """
    if held.replaced_by:
        raise Conflict(
            f"plate {held.token} is being replaced by {held.replaced_by} already",
            hint="install that one, or void it and order again",
        )


def require_finding(held: LockedPlate, finding: Finding) -> PlateStatus:
    """The state of a plate after a finding.

    Raises:
        Conflict: the plate is blank, or the finding does not apply in its state.
    """
    require_bound(held)
    after = find_status_after(finding, held.status)
    if after is None:
        raise Conflict(
            f"plate {held.token} is {_state(held)}: {FINDINGS[finding].sign} does not apply",
            hint=_after_the_end(held),
        )
    return after


def require_blank(held: LockedPlate, address: AddressRow) -> None:
    """Refuse to bind a plate that is bound already, or was issued for another county.

    Raises:
        Conflict: it may not be bound to this address.
    """
    if held.code:
        raise Conflict(
            f"plate {held.token} is bound already, to {held.standard_text}",
            hint="a blank plate is bound once: use another one, and void this one if it is wrong",
        )
    if held.county != address.county:
        raise Conflict(
            f"blank plate {held.token} was issued for county {held.county}, "
            f"the address lies in {address.county}",
            hint="use a blank plate that was issued for the county of the address",
        )


def require_none_in_use(
    living: Sequence[LockedPlate], held: LockedPlate, address: AddressRow
) -> None:
    """Refuse a second plate in use; a real plate may end a trial plate, not the other way round.

    Raises:
        Conflict: the address has a plate that this one may not replace.
    """
    for plate in living:
        if held.is_trial and not plate.is_trial:
            raise Conflict(
                f"{address.standard_text} 有正式门牌 {plate.token}，试印牌不能代替它",
                hint="换一个没有门牌的地址试",
            )
        if plate.status is PlateStatus.IN_USE and held.is_trial is plate.is_trial:
            raise Conflict(
                f"{address.standard_text} has the plate {plate.token} in use",
                hint="report that one first: broken, lost, wrong …",
            )


def require_same_kind(held: LockedPlate, *, is_trial: bool) -> None:
    """Refuse to replace a trial plate with a real one, or the other way round.

    Raises:
        Conflict: only one of the two is for trial.
    """
    if held.is_trial and not is_trial:
        raise Conflict(
            f"{held.token} 是试印牌，不补换",
            hint="在批次里给这个地址制作正式门牌，试印牌随之作废",
        )
    if is_trial and not held.is_trial:
        raise Conflict(
            f"{held.token} 是正式门牌，试印牌不能代替它",
            hint="设置 MENPAI_PUBLIC_URL 以后，再补换正式门牌",
        )


def _state(held: LockedPlate) -> str:
    return PLATE_STATUS_NAMES[held.status]


def _after_the_end(held: LockedPlate) -> str:
    if held.replaced_by:
        return f"use the plate that replaced it, {held.replaced_by}"
    return "a plate that has ended stays ended; order a new one for the address"
