"""Pages of plates: a list with search, and one plate with its life."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from address_model.codes import InvalidCode, format_code, parse_code
from address_model.inspections import EVENT_NAMES
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    ENDED,
    PLATE_STATUS_NAMES,
    AddressStatus,
    PlateStatus,
)
from address_model.plate_standing import STANDING_NAMES, Standing, standing_of
from address_model.tokens import find_token
from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES
from service.addresses.queries import find_addresses, get_address
from service.admin.answer import see_other, show, staff_pages
from service.admin.plates.queries import find_warning
from service.admin.reach import Reach, reach_of
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import PlateNotFound
from service.core.web import ReadSession
from service.matching.queries import resolve
from service.plates.queries import (
    PlateRow,
    get_plate,
    list_plates,
    list_plates_of,
    list_plates_of_many,
)
from service.plates.queries.events import list_events
from service.plates.queries.held import see_plate
from service.plates.wording import face_text
from service.worklists.queries import list_items_of

router = staff_pages()
READ = Permission.PLATES_READ
Reader = Annotated[StaffMember, staff(READ)]
PAGE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What a search led to: plates, and what to say about them."""

    plates: list[PlateRow]
    note: str = ""
    following: str = ""


@router.get("/admin/plates")
def plates(
    request: Request,
    session: ReadSession,
    member: Reader,
    *,
    q: str = "",
    division: str = "",
    status: str = "",
    after: str = "",
) -> Response:
    """Plates by token, code or address; without a search, those of a division."""
    reach = reach_of(session, member, READ, division)
    text = q.strip()[:100]
    token = find_token(text)
    if token is not None:
        return see_other(f"/admin/plates/{token}")
    kept = status if status in set(PlateStatus) else ""
    found = _search(session, member, text) if text else _browse(session, reach, kept, after)
    return show(
        request,
        member,
        "plates/list.html",
        found=found,
        q=text,
        reach=reach,
        status=kept,
        warn=_warning_of,
        states=PLATE_STATUS_NAMES,
        tones=TONES,
    )


@router.get("/admin/plates/{token}")
def plate(request: Request, session: ReadSession, member: Reader, token: str) -> Response:
    """One plate: what it is, where it hangs, what happened to it, its other generations."""
    found = get_plate(session, find_token(token) or "")
    address = get_address(session, found.code)
    held = see_plate(session, found.token)
    if not may(member, READ, address.division_code):
        raise PlateNotFound("no plate of your divisions carries this token")
    return show(
        request,
        member,
        "plates/plate.html",
        plate=found,
        address=address,
        code=format_code(found.code),
        address_state=ADDRESS_STATUS_NAMES[AddressStatus(address.status)],
        warning=find_warning(session, held),
        generations=list_plates_of(session, found.code),
        events=list_events(session, found.token),
        happenings=EVENT_NAMES,
        items=list_items_of(session, found.token),
        kinds=WORK_KIND_NAMES,
        work_states=WORK_STATE_NAMES,
        states=PLATE_STATUS_NAMES,
        tones=TONES,
    )


TONES = {
    PlateStatus.IN_USE: "good",
    PlateStatus.DAMAGED: "bad",
    PlateStatus.LOST: "bad",
    PlateStatus.TO_INSTALL: "warn",
}


def _search(session: ReadSession, member: StaffMember, text: str) -> Found:
    """The plates of the addresses that a text or a code means, within the person's divisions."""
    try:
        codes, note = [parse_code(text).digits], ""
    except InvalidCode:
        answer = resolve(session, text)
        means = [answer.address] if answer.address else [c.address for c in answer.candidates]
        codes = [address.code for address in means]
        note = "" if answer.category == "A" else "没有完全相同的地址，以下是最接近的。"
    held = find_addresses(session, codes)
    own = [c for c in codes if c in held and may(member, READ, held[c].division_code)]
    found = list_plates_of_many(session, own)
    if not own:
        return Found([], "您的区划内没有这个地址或编码。")
    return Found(found, note if found else "这个地址还没有门牌。")


def _warning_of(plate: PlateRow) -> str:
    """In a word how a living plate stands to its address; "" where nothing is wrong."""
    face = face_text(plate.elements)
    standing = standing_of(plate.address_status, plate.printed_text, face)
    is_wrong = standing is not Standing.SOUND and plate.status not in ENDED
    return STANDING_NAMES[standing] if is_wrong else ""


def _browse(session: ReadSession, reach: Reach, status: str, after: str) -> Found:
    code, _, token = after.partition("-")
    rows = list_plates(
        session, division=reach.prefix, status=status, after=(code, token), limit=PAGE + 1
    )
    more = len(rows) > PAGE
    shown = rows[:PAGE]
    return Found(shown, following=f"{shown[-1].code}-{shown[-1].token}" if more else "")
