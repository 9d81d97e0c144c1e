"""Check-ins recorded more than 50 m from the registered point: the list, and what is decided."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Form, Request
from fastapi.responses import Response

from address_model.inspections import EVENT_NAMES, FAR_M, CheckInAnswer, PlateEventKind
from address_model.lifecycle import GONE, PLATE_STATUS_NAMES, PlateStatus
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.database import Session
from service.core.errors import NotFound, PlateNotFound
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession
from service.divisions.queries import find_names
from service.plates.commands import accept_check_in, refuse_check_in, repeat_check_in
from service.plates.commands.check_ins import spot_text
from service.plates.photos import digest_of
from service.plates.queries.events import find_event, list_far_events
from service.plates.queries.locked_plates import LockedPlate, see_plate
from service.scans.plate_page import map_links

router = staff_pages()
READ, DECIDE = Permission.INSPECTIONS_READ, Permission.PLATES_WRITE
Reader = Annotated[StaffMember, staff(READ)]
Decider = Annotated[StaffMember, staff(DECIDE)]
PAGE = 50
MOST = 99
FAR = "/admin/work-items/far"
CHECK_IN = f"{FAR}/{{token}}/{{event:path}}"
_DECISIONS: dict[CheckInAnswer, Callable[..., None]] = {
    CheckInAnswer.AGAIN: repeat_check_in,
    CheckInAnswer.REFUSED: refuse_check_in,
}


@router.get(FAR)
def distant_check_ins(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    decided: str = "",
    after: str = "",
) -> Response:
    """Distant check-ins of a division that wait for a decision, or have one, newest first."""
    reach = scope_of(session, member, READ, division)
    rows = list_far_events(
        session, division=reach.prefix, reviewed=bool(decided), after=after, limit=PAGE + 1
    )
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    kept = {"division": reach.division} | ({"decided": "1"} if decided else {})
    return show(
        request,
        member,
        "work_items/far.html",
        rows=shown,
        more=urlencode(kept | {"after": following}) if following else "",
        reach=reach,
        decided=decided,
        allowed=round(FAR_M),
        event_names=EVENT_NAMES,
        path_of=lambda event: f"{FAR}/{event.token}/{quote(event.id, safe='')}",
    )


@router.get(CHECK_IN)
def check_in(
    request: Request, session: ReadSession, member: Reader, token: str, event: str
) -> Response:
    """One distant check-in: both places, the photo, and the three decisions."""
    held = _see(session, member, token)
    found = find_event(session, held.token, event)
    if found is None or found.point is None or not found.is_far:
        raise NotFound("no distant check-in has this id", zh="没有这次位置异常的打卡。")
    return show(
        request,
        member,
        "work_items/check_in.html",
        plate=held,
        event=found,
        path=f"{FAR}/{held.token}/{quote(found.id, safe='')}",
        name=EVENT_NAMES[PlateEventKind(found.kind)],
        before=PLATE_STATUS_NAMES[PlateStatus(found.before)],
        after=PLATE_STATUS_NAMES[PlateStatus(found.after)],
        now=PLATE_STATUS_NAMES[held.status],
        photo=digest_of(found.photo),
        there=map_links(found.point, "打卡位置", held.standard_text),
        registered=map_links(held.point, "登记位置", held.standard_text) if held.point else None,
        spot=spot_text(held.point),
        is_gone=held.address_status in GONE,
        may_decide=found.review is None and may(member, DECIDE, held.place),
        may_move=may(member, Permission.ADDRESSES_WRITE, held.place),
    )


@router.post(CHECK_IN)
def decide(
    session: WriteSession,
    member: Decider,
    *,
    token: str,
    event: str,
    seen: Seen,
    answer: Annotated[CheckInAnswer, Form()],
    spot: Annotated[str, Form(max_length=40)] = "",
    note: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Move the point there, have the check-in repeated, or refuse it; once."""
    held = _see(session, member, token)
    require(member, DECIDE, held.place)
    said = note.strip()
    if answer is CheckInAnswer.MOVED:
        require(member, Permission.ADDRESSES_WRITE, held.place)
        accept_check_in(session, held.token, event, member.actor, note=said, seen=seen, spot=spot)
    else:
        command = _DECISIONS[answer]
        command(session, held.token, event, member.actor, note=said, seen=seen)
    return see_other(f"{FAR}/{held.token}/{quote(event, safe='')}")


def _see(session: ReadSession, member: StaffMember, token: str) -> LockedPlate:
    """The plate, in a division where the person may read visits.

    Raises:
        PlateNotFound: there is none, or it lies elsewhere.
    """
    held = see_plate(session, token)
    if not may(member, READ, held.place):
        raise PlateNotFound("no plate in your divisions has this token")
    return held


def list_waiting_check_ins(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The distant check-ins that nobody has decided about, for those who may."""
    scopes = member.scopes(DECIDE)
    names = find_names(session, [scope.ljust(12, "0") for scope in scopes if scope])
    for scope in scopes:
        found = list_far_events(session, division=scope, limit=MOST + 1)
        if not found:
            continue
        code = scope.ljust(12, "0") if scope else ""
        count = f"{MOST} 次以上" if len(found) > MOST else f"{len(found)} 次"
        yield WaitingWork(
            WorkGroup.FIELD,
            "打卡",
            names.get(code, "全部区划"),
            f"{FAR}?division={code}",
            "核实",
            f"打卡位置异常（超过 {FAR_M:.0f} 米）{count}，等待核实",
            since=found[-1].event.recorded_at,
        )
