"""Pages of service items: the list of a division as residents get it, a new one, one item."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from address_model.address_kinds import ADDRESS_KIND_NAMES, AddressKind
from address_model.telephones import is_mobile
from service.admin.answer import see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.scope import DivisionScope, scope_of
from service.admin.services.form import ServiceCorrection, ServiceForm, Withdrawal
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession, settings_of
from service.divisions.queries import find_names
from service.scans.reader import PLAIN
from service.scans.service_list import service_list
from service.scans.site import site_of
from service.service_items import commands
from service.service_items.queries import (
    ServiceItemNotFound,
    ServiceItemRow,
    get_service_item,
    list_service_items,
    load_service_register,
)
from service.service_items.register import MOST_SHOWN

router = staff_pages()
READ, WRITE = Permission.SERVICES_READ, Permission.SERVICES_WRITE
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
PAGE = 100
LIST = "/admin/service-items"
SAMPLE_CODE = "3301023456783321"
"""The code in the links of a preview."""


@router.get(LIST)
def service_items(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    kind: str = AddressKind.NUMBER,
    ended: str = "",
    after: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The items of a division and of those above it, beside what residents see there."""
    reach = scope_of(session, member, READ, division)
    rows = list_service_items(
        session, reach.division, today(), ended=bool(ended), after=after, limit=PAGE + 1
    )
    shown, following = page_of(rows, PAGE, attrgetter("cursor"))
    kept_kind = kind if kind in set(AddressKind) else AddressKind.NUMBER
    narrowed = {"division": reach.division, "kind": kept_kind, "ended": ended}
    return show(
        request,
        member,
        "services/items.html",
        items=shown,
        own=[one.id for one in shown if may(member, READ, one.division)],
        names={"": "全部区划"} | find_names(session, [one.division for one in shown]),
        reach=reach,
        kind=kept_kind,
        kinds=ADDRESS_KIND_NAMES,
        ended=ended,
        today=today(),
        preview=_preview(request, session, reach, kept_kind),
        most_shown=MOST_SHOWN,
        may_write=may(member, WRITE),
        more=f"{LIST}?{urlencode(narrowed | {'after': following})}" if following else "",
    )


@router.get(f"{LIST}/new")
def new_item(
    request: Request, session: ReadSession, member: Writer, division: PickedDivision
) -> Response:
    """The form of a new item."""
    return show(
        request,
        member,
        "services/new_item.html",
        reach=scope_of(session, member, WRITE, division),
        kinds=ADDRESS_KIND_NAMES,
        item=None,
        today=today(),
        code_hosts=settings_of(request).code_link_hosts,
    )


@router.post(f"{LIST}/new")
def add_item(
    request: Request,
    session: WriteSession,
    member: Writer,
    division: PickedDivision,
    sent: Annotated[ServiceForm, Form()],
) -> Response:
    """Enter an item for a division."""
    reach = scope_of(session, member, WRITE, division)
    number = commands.add_service_item(
        session,
        reach.division,
        sent.draft,
        member.actor,
        today(),
        code_hosts=settings_of(request).code_link_hosts,
    )
    return see_other(f"{LIST}/{number}")


@router.get(LIST + "/{number}")
def item(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One item, its form, and the page of its division as residents see it."""
    found = _visible(session, member, number)
    reach = scope_of(session, member, READ, found.division)
    kind = found.kinds[0] if found.kinds else AddressKind.NUMBER
    return show(
        request,
        member,
        "services/item.html",
        item=found,
        reach=reach,
        kinds=ADDRESS_KIND_NAMES,
        today=today(),
        preview=_preview(request, session, reach, kind),
        preview_kind=ADDRESS_KIND_NAMES[AddressKind(kind)],
        is_mobile=is_mobile(found.phone),
        may_write=may(member, WRITE, found.division) and found.withdrawn_at is None,
        code_hosts=settings_of(request).code_link_hosts,
    )


@router.post(LIST + "/{number}/correct")
def correct_item(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: int,
    sent: Annotated[ServiceCorrection, Form()],
) -> Response:
    """Replace what an item says."""
    require(member, WRITE, _visible(session, member, number).division)
    commands.correct_service_item(
        session,
        number,
        sent.draft,
        member.actor,
        seen=sent.seen,
        code_hosts=settings_of(request).code_link_hosts,
    )
    return see_other(f"{LIST}/{number}")


@router.post(LIST + "/{number}/withdraw")
def withdraw_item(
    session: WriteSession, member: Writer, number: int, sent: Annotated[Withdrawal, Form()]
) -> Response:
    """Take an item from all pages."""
    require(member, WRITE, _visible(session, member, number).division)
    commands.withdraw_service_item(session, number, sent.reason, member.actor, seen=sent.seen)
    return see_other(f"{LIST}/{number}")


def _visible(session: ReadSession, member: StaffMember, number: int) -> ServiceItemRow:
    """The item, if it is of the person's divisions.

    Raises:
        ServiceItemNotFound: as if it did not exist.
    """
    found = get_service_item(session, number)
    if not may(member, READ, found.division):
        raise ServiceItemNotFound(f"there is no service item {number}")
    return found


def _preview(request: Request, session: ReadSession, reach: DivisionScope, kind: str) -> Markup:
    """The services of a plate there as its page has them."""
    offered = load_service_register(session, today(), reach.division).of(reach.division, kind)
    site = site_of(settings_of(request))
    return Markup(service_list(offered, SAMPLE_CODE, site, PLAIN))  # noqa: S704 - made of parts
