"""Finds the addresses that the form of a change of many means, and shows the form."""

from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from fastapi.responses import Response

from service.admin.address.field_reader import Refused
from service.admin.answer import show, staff_message
from service.admin.areas.answer import NO_FEATURES
from service.admin.batches.form import read_codes
from service.admin.bulk_changes.form import (
    MOST_CHOSEN,
    WAYS,
    WRITE,
    BulkForm,
    ChosenAddresses,
    keep_own,
    list_targets,
    read_polygon,
)
from service.admin.bulk_changes.look import ChangeLook
from service.admin.map.frame import ANYWHERE, MapFrame, map_values
from service.admin.pages_addresses import AddressQuery, find_listing
from service.auth.members import StaffMember
from service.bulk_changes.order import ACTION_NAMES, ELEMENT_NAMES
from service.bulk_changes.queries import list_codes_within
from service.core.errors import BadRequest, MenpaiError, status_of
from service.core.web import ReadSession, settings_of
from service.plates.queries.address_lists import iterate_in_street_order
from service.tiles.queries import read_extent

_PAGES = 60
"""So many windows of a list are looked through."""


def find_chosen(
    request: Request, session: ReadSession, member: StaffMember, form: BulkForm, division: str
) -> ChosenAddresses:
    """The addresses that the form means.

    Raises:
        Refused: the polygon or the codes cannot be read.
    """
    if form.codes.strip():
        try:
            codes = list(read_codes(form.codes))
        except BadRequest as fault:
            raise Refused("codes", staff_message(fault)) from None
        return keep_own(session, member, codes, "名单里的地址")
    if form.polygon.strip():
        drawn, scopes = read_polygon(form.polygon), member.scopes(WRITE)
        codes = list_codes_within(session, drawn, scopes, most=MOST_CHOSEN + 1)
        return keep_own(session, member, codes, "多边形里的地址")
    asked = AddressQuery(
        q=form.q,
        division=division,
        state=form.state,
        no_point=form.no_point,
        no_plate=form.no_plate,
        suspect=form.suspect,
        upload=form.upload,
    )
    listing = find_listing(request, session, member, asked)
    led = urlsplit(listing.target)
    if led.query:  # the text names a division
        within = parse_qs(led.query)["division"][0]
        asked = asked.model_copy(update={"q": "", "division": within})
        listing = find_listing(request, session, member, asked)
    codes = [led.path.rpartition("/")[2]] if led.path and not led.query else []
    if listing.wanted is not None:
        for page in iterate_in_street_order(session, listing.wanted, most_pages=_PAGES):
            codes += [row.code for row in page.rows]
            if len(codes) > MOST_CHOSEN:
                break
    return keep_own(session, member, codes, listing.title or "查找的地址")


def show_form(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    form: BulkForm,
    division: str,
    *,
    chosen: ChosenAddresses | None = None,
    look: ChangeLook | None = None,
    fault: Refused | MenpaiError | None = None,
) -> Response:
    """The form, with what it means and what would follow, or with its fault."""
    told, at, status = "", "", 200
    if isinstance(fault, Refused):
        told, at, status = fault.text, fault.field, 422
    elif fault:
        told, at, status = staff_message(fault), fault.field, status_of(fault)
    within = chosen.division if chosen else division
    frame = None
    if form.polygon or chosen is None:
        bounds = read_extent(session, [within[:6] or member.scopes(WRITE)[0]]) or ANYWHERE
        frame = MapFrame(bounds, borders=NO_FEATURES, edits="polygon")
    return show(
        request,
        member,
        "bulk_changes/new.html",
        status_code=status,
        form=form,
        division=division,
        chosen=chosen,
        look=look,
        fault=told,
        fault_field=at,
        actions=ACTION_NAMES,
        elements=ELEMENT_NAMES,
        ways=WAYS,
        targets=list_targets(session, member, within),
        most=MOST_CHOSEN,
        **map_values(settings_of(request), frame),
    )
