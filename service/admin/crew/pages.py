"""Pages for field crews: the work list, a plate opened by its QR code, a work item by number."""

from dataclasses import replace
from typing import Annotated, BinaryIO
from urllib.parse import quote

from fastapi import File, Form, Query, Request, UploadFile
from fastapi.responses import Response

from address_model.elements import local_text
from address_model.inspections import PlateEventKind
from address_model.tokens import find_token
from service.addresses.queries import get_address
from service.admin.answer import Seen, carry_field, see_other, show, staff_pages
from service.admin.crew.answer import show_list, show_plate
from service.admin.crew.due_words import due_words
from service.admin.crew.form import (
    NO_SYMBOL,
    NOT_READ,
    UNKNOWN,
    CrewForm,
    EventForm,
    find_first,
    read_kind,
    read_moment,
    read_photo,
    read_place,
    require_own_form,
)
from service.admin.crew.pages_files import FRAME
from service.admin.crew.queries import (
    list_plates_at,
    read_plate_view,
    read_task,
)
from service.admin.crew.reach import require_at, require_closable
from service.admin.crew.waiting_photos import WaitingPhotos
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.errors import (
    BadRequest,
    Conflict,
    NotFound,
    Outdated,
    PlateNotFound,
)
from service.core.files import open_files
from service.core.web import ReadSession, database_of, settings_of
from service.plates.commands import bind_blank_plate, record_visit
from service.plates.event_report import EventReport
from service.plates.photos import stored_photo
from service.plates.policies import PERMISSION_TO_RECORD, require_proof
from service.plates.queries.locked_plates import see_plate
from service.scans.plate_page import map_links
from service.worklists.commands import finish_item
from service.worklists.queries import get_item

router = staff_pages()


class EventUpload(EventForm):
    """The form with an optional photo."""

    photo: UploadFile | None = None


Crew = Annotated[StaffMember, staff(Permission.FIELD_WORK)]
Photo = Annotated[UploadFile | None, File()]
Text = Annotated[str, Form()]
INSPECT = Permission.INSPECTIONS_WRITE


@router.get("/crew")
def home(
    request: Request, session: ReadSession, member: Crew, asked: Annotated[CrewForm, Query()]
) -> Response:
    """The work list: the person's own items or all in their divisions, by grid and due day."""
    return show_list(request, session, member, asked)


@router.post("/crew")
def open_plate(
    request: Request, session: ReadSession, member: Crew, scanned: Text = "", photo: Photo = None
) -> Response:
    """Redirect to the plate named by a token, a code, a URL, or a photo of the QR code."""
    developed, kept = read_photo(_file(photo)), ""
    texts = [scanned] if scanned.strip() else []
    if developed is not None:
        texts += developed.symbols
    try:
        meant = find_first(texts, NO_SYMBOL if developed else NOT_READ)
    except BadRequest as error:
        return show_list(request, session, member, CrewForm(), fault=error, typed=scanned)
    if developed is not None:
        most = settings_of(request).photo_limit
        kept = _waiting_photos(request, member).add(developed, database_of(request), most)
    return see_other(f"/crew/{meant.token or meant.code}" + (f"?photo={kept}" if kept else ""))


@router.get("/crew/items/{number}")
def item(request: Request, session: ReadSession, member: Crew, number: int) -> Response:
    """One work item; one about a plate redirects to the plate's page."""
    found = get_item(session, number)
    require_at(session, member, Permission.WORK_ITEMS_READ, found.division, found.code)
    if found.token:
        return see_other(f"/crew/{found.token}")
    return show(
        request,
        member,
        "crew/item.html",
        item=found,
        task=read_task(session, found),
        due=due_words(found.due, today()),
        links=map_links(found.point, found.place, found.standard_text) if found.point else None,
        frame=FRAME,
    )


@router.post("/crew/items/{number}")
def check_off(
    request: Request, member: Crew, number: int, *, seen: Seen, outcome: Text = ""
) -> Response:
    """Complete a work item."""
    with database_of(request).session() as session:
        require_closable(session, member, get_item(session, number))
        done = outcome.strip()[:200] or "完成"
        found = finish_item(session, number, done, member.actor, seen=seen)
    return see_other(f"/crew/{found.token}" if found.token else "/crew")


@router.get("/crew/{text}")
def plate(
    request: Request,
    session: ReadSession,
    member: Crew,
    text: str,
    asked: Annotated[CrewForm, Query()],
) -> Response:
    """One plate: state, open work, past events, and the form to record an event.

    A 16-digit address code redirects to the plate of the address; if it has several, the person
    chooses.
    """
    try:
        meant = find_first([text], NOT_READ)
        if meant.code:
            division = get_address(session, meant.code).division_code
            require_at(session, member, INSPECT, division, meant.code)
            plates = list_plates_at(session, meant.code)
            photo = asked.photo
            if len(plates) == 1:
                kept = f"?photo={photo}" if photo else ""
                return see_other(f"/crew/{plates[0][0].token}{kept}")
            name, page = local_text(plates[0][0].elements), "crew/plates.html"
            return show(request, member, page, name=name, plates=plates, photo=photo, frame=FRAME)
        held = see_plate(session, meant.token)
    except (BadRequest, NotFound) as error:
        fault = PlateNotFound(error.detail if isinstance(error, BadRequest) else UNKNOWN)
        return show_list(request, session, member, CrewForm(), fault=fault, typed=text)
    require_at(session, member, INSPECT, held.place, held.code)
    kept = asked.photo if _waiting_photos(request, member).find(asked.photo) else ""
    view = read_plate_view(session, held, asked.done)
    return show_plate(request, member, held, view, photo=kept, wanted=asked.what)


@router.post("/crew/{text}")
def record(
    request: Request, member: Crew, text: str, sent: Annotated[EventUpload, Form()]
) -> Response:
    """Record an event; a form sent twice records it once."""
    if (token := find_token(text)) is None:
        raise PlateNotFound(NOT_READ)
    database, files = database_of(request), open_files(settings_of(request))
    with database.reading() as session:
        held = see_plate(session, token)
        require_at(session, member, INSPECT, held.place, held.code)
    require_own_form(member, sent.owner)
    kept, waiting = sent.kept, _waiting_photos(request, member)
    try:
        kind = read_kind(sent.what, sent.code)
        with database.reading() as session:
            require_at(session, member, PERMISSION_TO_RECORD[kind], held.place, held.code)
        if (developed := read_photo(_file(sent.photo))) is not None:
            kept = waiting.add(developed, database, settings_of(request).photo_limit)
        carry_field(request, "kept", kept)
        place = read_place(sent.lon, sent.lat, sent.accuracy)
        visit = EventReport(
            sent.event_id, read_moment(sent.at), *place, note=sent.note.strip(),
            accepts_text=bool(sent.accepts_text), seen=sent.seen,
        )  # fmt: skip
        with stored_photo(files, database, waiting.find(kept)) as name:
            visit = replace(visit, photo=name)
            require_proof(kind, visit, settings_of(request).crew_proof)
            with database.session() as session:
                if kind is PlateEventKind.BOUND:
                    event = bind_blank_plate(session, token, sent.code, visit, member.actor)
                else:
                    event = record_visit(session, token, kind, visit, member.actor)
    except Outdated:
        raise
    except (Conflict, BadRequest, NotFound) as error:
        with database.reading() as session:
            view = read_plate_view(session, held := see_plate(session, token), "")
        return show_plate(request, member, held, view, photo=kept, fault=error, typed=sent)
    return see_other(f"/crew/{token}?done={quote(event.id)}")


def _waiting_photos(request: Request, member: StaffMember) -> WaitingPhotos:
    return WaitingPhotos(open_files(settings_of(request)), member)


def _file(photo: UploadFile | None) -> BinaryIO | None:
    """The file of an upload field; browsers send an empty field without a file name."""
    return photo.file if photo is not None and photo.filename else None
