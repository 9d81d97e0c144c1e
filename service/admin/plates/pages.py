"""Pages of plates: the list with search, and one plate with its history."""

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from address_model.codes import InvalidCode, format_code
from address_model.inspections import EVENT_NAMES
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    ENDED,
    PLATE_STATUS_NAMES,
    AddressStatus,
    PlateStatus,
)
from address_model.normal_form import normalise
from address_model.plate_standing import STANDING_NAMES, Standing, standing_of
from address_model.plate_text import LONGEST, read_plate_text
from address_model.tokens import find_token
from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES
from service.addresses.queries import find_addresses, get_address
from service.admin.answer import see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.plates.queries import find_warning
from service.admin.scope import DivisionScope, scope_of
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import Conflict, DivisionNotFound, PlateNotFound
from service.core.paging import page_of
from service.core.web import ReadSession
from service.divisions.queries import get_division, get_division_by_text
from service.matching.queries import resolve
from service.plates.faces import face_text
from service.plates.queries import (
    PlateRow,
    get_plate,
    list_plates,
    list_plates_of,
    list_plates_of_many,
)
from service.plates.queries.events import list_events
from service.plates.queries.locked_plates import see_plate
from service.scans.pages import WRONG_DIGITS
from service.worklists.queries import list_items_of

router = staff_pages()
READ = Permission.PLATES_READ
Reader = Annotated[StaffMember, staff(READ)]
PAGE = 50
TONES = {
    PlateStatus.IN_USE: "good",
    PlateStatus.DAMAGED: "bad",
    PlateStatus.LOST: "bad",
    PlateStatus.TO_INSTALL: "warn",
}


@dataclass(frozen=True, slots=True)
class PlateMatches:
    """The result of a search: plates, a note about them, the street searched for.

    ``in_order``: they are one page of a longer list; ``following`` is the cursor of the next page.
    """

    plates: list[PlateRow]
    note: str = ""
    following: str = ""
    street: str = ""
    in_order: bool = False


@router.get("/admin/plates")
def plates(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    q: str = "",
    status: str = "",
    after: str = "",
) -> Response:
    """Plates by token, code, address, street or division; without a query those of a division."""
    text = q.strip()[:LONGEST]
    kept = status if status in set(PlateStatus) else ""
    named = _find_division(session, member, text)
    reach = scope_of(session, member, READ, division or named)
    try:
        meant = read_plate_text(text)
    except InvalidCode:
        found = PlateMatches([], WRONG_DIGITS)
    else:
        if meant is not None and meant.token:
            return see_other(f"/admin/plates/{meant.token}")
        if meant is not None:
            found = _of_addresses(session, member, [meant.code])
        elif named or not text:
            found = _list_division(session, reach, kept, after)
        else:
            of_street = _of_street(session, member, reach, text, after)
            found = of_street or _search(session, member, text)
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
    """One plate: its address, events, work items and other generations."""
    found = get_plate(session, find_token(token) or "")
    address = get_address(session, found.code)
    held = see_plate(session, found.token)
    if not may(member, READ, address.division_code):
        raise PlateNotFound("no plate in your divisions has this token")
    return show(
        request,
        member,
        "plates/plate.html",
        plate=found,
        address=address,
        code=format_code(found.code),
        place=get_division(session, address.division_code).name,
        address_state=ADDRESS_STATUS_NAMES[AddressStatus(address.status)],
        warning=find_warning(session, held),
        generations=list_plates_of(session, found.code),
        events=list_events(session, found.token),
        event_names=EVENT_NAMES,
        items=list_items_of(session, found.token),
        kinds=WORK_KIND_NAMES,
        work_states=WORK_STATE_NAMES,
        states=PLATE_STATUS_NAMES,
        tones=TONES,
    )


def _find_division(session: ReadSession, member: StaffMember, text: str) -> str:
    """The code of the division with this name or code if the person may read it, or ""."""
    try:
        code = get_division_by_text(session, text).code if text else ""
    except (DivisionNotFound, Conflict):
        return ""
    return code if code and may(member, READ, code) else ""


def _of_street(
    session: ReadSession, member: StaffMember, reach: DivisionScope, text: str, after: str
) -> PlateMatches | None:
    """The plates of a street by name, in the first of the person's divisions that has it."""
    street = normalise(text).text
    for prefix in (reach.prefix, *member.scopes(READ)):
        rows = list_plates(session, division=prefix, street=street, after=after, limit=PAGE + 1)
        if rows:
            return replace(_page_of(rows), street=street)
    return None


def _search(session: ReadSession, member: StaffMember, text: str) -> PlateMatches:
    """The plates of the addresses that a text resolves to."""
    answer = resolve(session, text)
    means = [answer.address] if answer.address else [c.address for c in answer.candidates]
    found = _of_addresses(session, member, [address.code for address in means])
    written = normalise(text).text
    is_meant = answer.address or [a for a in means if a.standard_text.endswith(written)] == means
    if found.plates and not is_meant:
        return replace(found, note="没有完全相同的地址，以下是最接近的。")
    return found


def _of_addresses(session: ReadSession, member: StaffMember, codes: list[str]) -> PlateMatches:
    """The plates of those addresses that lie in the person's divisions."""
    held = find_addresses(session, codes)
    own = [c for c in codes if c in held and may(member, READ, held[c].division_code)]
    if not own:
        return PlateMatches([], "您的区划内没有这个地址或编码。")
    found = list_plates_of_many(session, own)
    return PlateMatches(found, "" if found else "这个地址还没有门牌。")


def _warning_of(plate: PlateRow) -> str:
    """A short warning if a live plate no longer fits its address, else ""."""
    face = face_text(plate.elements)
    standing = standing_of(plate.address_status, plate.printed_text, face)
    is_wrong = standing is not Standing.SOUND and plate.status not in ENDED
    return STANDING_NAMES[standing] if is_wrong else ""


def _list_division(
    session: ReadSession, reach: DivisionScope, status: str, after: str
) -> PlateMatches:
    """The plates of a division, optionally in one state."""
    rows = list_plates(session, division=reach.prefix, status=status, after=after, limit=PAGE + 1)
    return _page_of(rows)


def _page_of(rows: list[PlateRow]) -> PlateMatches:
    """The first ``PAGE`` rows; a further row means there is a next page."""
    shown, following = page_of(rows, PAGE, attrgetter("token"))
    return PlateMatches(shown, following=following or "", in_order=True)
