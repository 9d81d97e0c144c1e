"""Pages of facilities: the list of a division, a new one at an address, one facility."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import Response

from address_model.facility_kinds import FACILITY_KIND_NAMES, FacilityKind
from address_model.plate_text import LONGEST
from address_model.telephones import is_mobile
from service.addresses.queries import AddressRow, find_addresses, get_address
from service.admin.address_search import SearchResult, search
from service.admin.answer import see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.admin.services.form import FacilityCorrection, FacilityForm, Withdrawal
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.errors import AddressNotFound
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession
from service.service_items import commands
from service.service_items.nearby import MOST_NEARBY, REACH_M
from service.service_items.queries import (
    FacilityFilter,
    FacilityNotFound,
    FacilityRow,
    get_facility,
    list_facilities,
)

router = staff_pages()
READ, WRITE = Permission.SERVICES_READ, Permission.SERVICES_WRITE
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
PAGE = 50
LIST = "/admin/facilities"


@router.get(LIST)
def facilities(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    kind: str = "",
    ended: str = "",
    trouble: str = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The facilities of a division, by township or community and kind."""
    reach = scope_of(session, member, READ, division)
    kept_kind = kind if kind in set(FacilityKind) else ""
    wanted = FacilityFilter(
        reach.prefix, kept_kind, is_ended=bool(ended), is_troubled=bool(trouble)
    )
    rows = list_facilities(session, wanted, today(), after=after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    narrowed = {"division": reach.division, "kind": kept_kind, "ended": ended, "trouble": trouble}
    return show(
        request,
        member,
        "services/facilities.html",
        facilities=shown,
        reach=reach,
        kind=kept_kind,
        kinds=FACILITY_KIND_NAMES,
        ended=ended,
        trouble=trouble,
        today=today(),
        may_write=may(member, WRITE),
        most_nearby=MOST_NEARBY,
        reach_m=round(REACH_M),
        more=f"{LIST}?{urlencode(narrowed | {'after': following})}" if following else "",
    )


@router.get(f"{LIST}/new")
def find_place(request: Request, session: ReadSession, member: Writer, *, q: str = "") -> Response:
    """The search for the address of a new facility; one that is meant leads to the form."""
    text = q.strip()[:LONGEST]
    found = search(session, member, text) if text else SearchResult()
    held = find_addresses(session, [found.code or "", *found.codes])
    own = [row for row in held.values() if may(member, WRITE, row.division_code)]
    if found.code and own:
        return see_other(f"{LIST}/at/{found.code}")
    return show(
        request, member, "services/place_of_facility.html", q=text, note=found.note, choices=own
    )


@router.get(LIST + "/at/{code}")
def new_facility(request: Request, session: ReadSession, member: Writer, code: str) -> Response:
    """The form of a new facility at an address."""
    return show(
        request,
        member,
        "services/new_facility.html",
        address=_address(session, member, code),
        kinds=FACILITY_KIND_NAMES,
        today=today(),
    )


@router.post(LIST + "/at/{code}")
def add_facility(
    session: WriteSession,
    member: Writer,
    code: str,
    sent: Annotated[FacilityForm, Form()],
) -> Response:
    """Enter a facility at an address."""
    address = _address(session, member, code)
    number = commands.add_facility(session, address.code, sent.draft, member.actor, today())
    return see_other(f"{LIST}/{number}")


def _address(session: ReadSession, member: StaffMember, code: str) -> AddressRow:
    """The address, if it is of the person's divisions.

    Raises:
        AddressNotFound: as if it did not exist.
    """
    address = get_address(session, code)
    if not may(member, WRITE, address.division_code):
        raise AddressNotFound(f"no address has the code {code}")
    return address


@router.get(LIST + "/{number}")
def facility(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One facility and its form."""
    found = _visible(session, member, number)
    return show(
        request,
        member,
        "services/facility.html",
        facility=found,
        kinds=FACILITY_KIND_NAMES,
        today=today(),
        is_mobile=is_mobile(found.phone),
        may_write=may(member, WRITE, found.division) and found.withdrawn_at is None,
    )


@router.post(LIST + "/{number}/correct")
def correct_facility(
    session: WriteSession,
    member: Writer,
    number: int,
    sent: Annotated[FacilityCorrection, Form()],
) -> Response:
    """Replace what a facility says."""
    require(member, WRITE, _visible(session, member, number).division)
    commands.correct_facility(session, number, sent.draft, member.actor, seen=sent.seen)
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/withdraw")
def withdraw_facility(
    session: WriteSession, member: Writer, number: int, sent: Annotated[Withdrawal, Form()]
) -> Response:
    """Take a facility from all pages."""
    require(member, WRITE, _visible(session, member, number).division)
    commands.withdraw_facility(session, number, sent.reason, member.actor, seen=sent.seen)
    return see_other(f"{LIST}/{number}")


def _visible(session: ReadSession, member: StaffMember, number: int) -> FacilityRow:
    """The facility, if it is of the person's divisions.

    Raises:
        FacilityNotFound: as if it did not exist.
    """
    found = get_facility(session, number)
    if not may(member, READ, found.division):
        raise FacilityNotFound(f"there is no facility {number}")
    return found
