"""The page of a scanned plate for a member of staff: the residents' page, and what to do here.

The front process leads scans of whoever is signed in here (``service.scans.staff_scan``); nothing
of this page is cached anywhere.
"""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from address_model.sensitivity import RESIDENT
from address_model.tokens import find_token
from address_model.work import WORK_KIND_NAMES
from service.admin.answer import staff_pages
from service.admin.crew.own_area.queries import list_own_duties
from service.admin.crew.reach import may_at
from service.admin.crew.restricted_data import read_restricted
from service.admin.duties.words import AREA_KIND_NAMES, DUTY_NAMES
from service.admin.outdated import ACT_FIELD, SAW_FIELD, SEEN_FIELD
from service.areas.queries import load_area_register
from service.auth.guards import FORM_FIELD, signed_in, tally_of, token_of
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core import html
from service.core.clock import today
from service.core.database import Session
from service.core.errors import PlateNotFound
from service.core.web import ReadSession, count_unknown_token, settings_of
from service.linking.queries import list_area_ids
from service.plates.queries.locked_plates import LockedPlate, see_plate
from service.scans.answer import answer_card
from service.scans.plate_page import title_and_body
from service.scans.queries.cards import find_card
from service.scans.reader import View, find_reader
from service.scans.site import site_of
from service.scans.staff_scan import SECTION_ONLY
from service.scans.templates import parts_of
from service.worklists.queries import list_items_of

router = staff_pages()
files_router = APIRouter(include_in_schema=False)
_STYLE = html.compact_css(html.read_static("staff-scan.css"))
STYLE_PATH = f"/static/staff-scan.css?{html.fingerprint('staff-scan.css')}"
SEEN = (Permission.AREAS_READ, Permission.WORK_ITEMS_READ, Permission.INSPECTIONS_WRITE)
"""What a person may see or do in the section, each where it holds at the plate."""

LINKS = (
    ("/admin/plates/{0.token}", "门牌", Permission.PLATES_READ),
    ("/admin/addresses/{0.code}", "地址", Permission.ADDRESSES_READ),
)
POLICY = html.CONTENT_SECURITY_POLICY.replace("style-src ", "style-src 'self' ")
HEADERS = {
    **html.NOT_INDEXED,
    **html.PRIVATE,
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # browsers then send Origin with a form
    "Vary": "Accept, Cookie",
}


@router.get("/crew/scans/{text}")
def staff_scan(
    request: Request,
    session: ReadSession,
    text: str,
    member: Annotated[StaffMember, signed_in(any_password=True)],
) -> Response:
    """The residents' page of a plate with the section of this person above it, or that alone."""
    token, site = find_token(text), site_of(settings_of(request))
    held = None
    if token is not None:
        with suppress(PlateNotFound):
            held = see_plate(session, token)
    if token is None or held is None or not held.code:  # a blank plate hangs nowhere
        count_unknown_token(request)
        return answer_card(request, None, site, RESIDENT)
    reader = find_reader(request.url.query)
    section = _section(request, session, member, held)
    headers = HEADERS
    if reader.view is View.ELDER:  # which reads aloud
        headers = HEADERS | {"Content-Security-Policy": f"{POLICY}; script-src 'self'"}
    if SECTION_ONLY in request.headers:
        return html.page(request, section, headers=headers)
    card = find_card(session, token, code_hosts=site.code_hosts)
    assert card is not None  # noqa: S101 - the plate was found
    title, body = title_and_body(card, site, reader)
    frame = parts_of(site, reader).frames[card.is_demo or site.is_demo]
    return html.page(request, frame(title, html.joined(section, body)), headers=headers)


def _section(
    request: Request, session: Session, member: StaffMember, held: LockedPlate
) -> html.Html:
    """What a person may see and do at a plate; empty for whoever may do nothing there."""
    ids = list_area_ids(session, [held.code]).get(held.code, ())
    areas = load_area_register(session, today(), ids).of(ids)
    here = {one for one in SEEN if may_at(session, member, one, held.place, held.code)}
    shown = [(path.format(held), name) for path, name, one in LINKS if may(member, one, held.place)]
    if member.must_change_password or not (here or shown):
        return html.Html("")
    token = token_of(request)
    text = html.render(
        "admin/crew/scan.html",
        member=member,
        plate=held,
        areas=areas if Permission.AREAS_READ in here else [],
        work=(
            list_items_of(session, held.token, held.code, state="open")
            if Permission.WORK_ITEMS_READ in here
            else []
        ),
        inspects=Permission.INSPECTIONS_WRITE in here,
        own=[one for one in list_own_duties(session, member) if one.area_id in ids],
        data=read_restricted(session, member, held.code, held.place, tally_of(request)),
        links=shown,
        kinds=WORK_KIND_NAMES,
        kind_names=AREA_KIND_NAMES,
        duty_names=DUTY_NAMES,
        today=today(),
        stylesheet=STYLE_PATH,
        form_field=FORM_FIELD,
        form_token=token.form_token if token else "",
        seen_field=SEEN_FIELD,
        saw_field=SAW_FIELD,
        act_field=ACT_FIELD,
    )
    return html.Html(text)


@files_router.get("/static/staff-scan.css")
def style() -> Response:
    """The style sheet of the section; its URL carries a fingerprint."""
    return Response(_STYLE, headers=html.LASTING, media_type="text/css")
