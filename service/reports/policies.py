"""Which reports are taken, and which steps they allow."""

from address_model.lifecycle import ENDED, NOT_HUNG, PlateStatus
from address_model.plate_standing import Standing
from address_model.reports import STATE_NAMES, ReportState, may_report_become
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow
from service.core.errors import Conflict, PlateNotFound
from service.plates.queries.locked_plates import LockedPlate
from service.reports.queries import ReportRow


class NotReportable(Conflict):
    """Nothing can be reported about this plate any more."""


def is_reportable(status: PlateStatus) -> bool:
    """Whether a plate in this state may be reported: it hangs, has hung, or is on its way."""
    return status not in (*ENDED, *NOT_HUNG) or status is PlateStatus.TO_INSTALL


def require_reportable(plate: LockedPlate) -> None:
    """Refuse a report of a plate that nobody looks after.

    Raises:
        PlateNotFound: it is blank.
        NotReportable: it has ended or was never made, or its address has ended.
    """
    if not plate.code:
        raise PlateNotFound("this plate stands for no address yet")
    if plate.standing is Standing.ADDRESS_ENDED or not is_reportable(plate.status):
        raise _ended()


def require_reportable_address(address: AddressRow) -> None:
    """Refuse a report of an address that has ended.

    Raises:
        NotReportable: it has.
    """
    if is_gone(address):
        raise _ended()


def require_report_transition(report: ReportRow, after: ReportState) -> None:
    """Refuse a state that may not follow the present one.

    Raises:
        Conflict: the transition table has no such step.
    """
    if not may_report_become(report.state, after):
        raise Conflict(
            f"report {report.number} is {report.state}",
            zh=f"居民报告 {report.number} 现在是“{STATE_NAMES[report.state]}”，不能这样办。",
        )


def require_joinable(own: ReportRow, other: ReportRow) -> None:
    """Refuse to join a report to another that is not the same thing, or takes no more.

    Raises:
        Conflict: they are one, lie in two townships, or one is answered or joined already.
    """
    joined = [one.number for one in (own, other) if one.joined_to]
    closed = [one.number for one in (own, other) if not one.is_open]
    if own.number == other.number:
        raise Conflict("a report is joined to another one", zh="不能并入自己。", field="to")
    if joined or closed:
        states = "已经答复" if closed else "已并入另一件"
        raise Conflict(
            f"report {[*closed, *joined][0]} is answered or joined already",
            zh=f"居民报告 {[*closed, *joined][0]} {states}，不能这样并。",
            field="to",
        )
    if own.division[:9] != other.division[:9]:
        raise Conflict(
            "the two reports lie in two townships",
            zh="两件报告不在同一个乡镇（街道）。",
            field="to",
        )


def _ended() -> NotReportable:
    return NotReportable(
        "the plate or its address has ended",
        hint="scan the plate that hangs there now, or tell the community",
        zh="这块门牌已经停用。请扫现在挂着的门牌再报告，或告诉社区。",
    )
