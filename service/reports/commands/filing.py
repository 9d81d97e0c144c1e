"""Takes a report: joins it to an open one, or opens the work that it asks for."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.reports import ReportState, reason_of
from address_model.tables import Report
from address_model.work import WorkKind
from service.addresses.queries import lock_addresses
from service.audit import commands as audit
from service.core.actor import Actor
from service.core.errors import AddressNotFound, TooOften
from service.core.limits import Limit, take_now
from service.plates.queries.locked_plates import lock_plate
from service.reports.drafts import HOUR_S, FiledReport, ReportDraft, ReportLimits, hash_follow
from service.reports.policies import require_reportable, require_reportable_address
from service.reports.queries import find_open_report
from service.worklists.commands import hold_items, open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import get_item

RESIDENT = Actor("resident", "?")
"""Whoever sends a report; nothing is known of them."""

_FOLLOW_HASH = text("select follow_hash from report where number = :number")
_GRID = text(
    "select coalesce(min(area_id), 0) from address_area where code = :code and kind = 'grid'"
)
_DIVISION = text(
    "select d.code from address a join division d on d.id = a.division_id where a.code = :code"
)


class ReportLimitReached(TooOften):
    """There are too many reports here for this hour."""

    def __init__(self) -> None:
        super().__init__(HOUR_S)
        self.detail = "too many reports came in this hour"
        self.hint = "try again in an hour, or call 12345"
        self.zh = "这里一小时内收到的报告太多了。请一小时后再报，或拨打 12345。"


def file_report(session: Session, draft: ReportDraft, limits: ReportLimits) -> FiledReport:
    """Take a report, and open the work to look into it, or join the same report that is open.

    A form sent again gets the number that it got before. Over the limit of a grid, plates and
    addresses without an open report are still heard: a flood of reports silences no neighbour.

    Raises:
        PlateNotFound, AddressNotFound: there is no such plate or address.
        NotReportable: it has ended.
        ReportLimitReached: too many came in this hour.
    """
    code = _hold(session, draft)
    hold_items(session, [draft.token or code])
    filed, known = _draw(session, draft)
    if known:
        return filed
    same = find_open_report(session, code, draft.token, draft.kind)
    joined_to = same.number if same else None
    _count(session, draft, code, limits)
    reason = reason_of(filed.number, draft.kind)
    work = WorkDraft(WorkKind.REPORT, code, draft.token, reason)
    item = get_item(session, open_item(session, work, RESIDENT))
    session.add(
        Report(
            number=filed.number,
            follow_hash=hash_follow(filed.follow),
            kind=str(draft.kind),
            token=draft.token or None,
            code=code,
            division=item.division,
            area_id=item.area_id,
            text=draft.text,
            photo=draft.photo,
            photo_bytes=draft.photo_bytes,
            state=str(ReportState.ASSIGNED if item.assignee else ReportState.RECEIVED),
            work_item=item.id,
            joined_to=joined_to,
            language=draft.language,
        )
    )
    session.flush()
    what = {"kind": str(draft.kind), "about": draft.token or code, "joined_to": joined_to or ""}
    audit.record(session, actor=RESIDENT, action="reports:file", subject=filed.number, **what)
    return filed


def _hold(session: Session, draft: ReportDraft) -> str:
    """Lock the plate or the address that is reported; return the code."""
    if draft.token:
        plate = lock_plate(session, draft.token)
        require_reportable(plate)
        return plate.code
    address = lock_addresses(session, [draft.code]).get(draft.code)
    if address is None:
        raise AddressNotFound(f"no address has the code {draft.code}")
    require_reportable_address(address)
    return address.code


def _draw(session: Session, draft: ReportDraft) -> tuple[FiledReport, bool]:
    """The credentials of a report, and whether it was taken already."""
    attempt = 0
    while True:
        filed = draft.credentials(attempt)
        held = session.scalar(_FOLLOW_HASH, {"number": filed.number})
        if held is None or held == hash_follow(filed.follow):
            return filed, held is not None
        attempt += 1


def _count(session: Session, draft: ReportDraft, code: str, limits: ReportLimits) -> None:
    """Count a report, in this order so that two reports never wait for each other."""
    grid = session.scalar(_GRID, {"code": code}) or session.scalar(_DIVISION, {"code": code})
    counted = {
        "report_plate": (limits.a_plate, draft.token or code),
        "report_grid": (limits.a_grid, str(grid)),
        "report_all": (limits.everywhere, ""),
    }
    within = {
        kind: take_now(session, Limit(kind, most, HOUR_S), who.encode())
        for kind, (most, who) in counted.items()
    }
    is_first = find_open_report(session, code, draft.token) is None
    if not (within["report_plate"] and within["report_all"]) or not (
        within["report_grid"] or is_first
    ):
        raise ReportLimitReached
