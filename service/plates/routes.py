"""The API of plates and their events, for API clients and staff."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from address_model.inspections import PlateEventKind
from address_model.tokens import find_token
from service.addresses.json_view import is_seen
from service.addresses.queries import get_address
from service.auth.grants import Program
from service.auth.guards import CurrentCaller, granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.errors import (
    BadRequest,
    ConditionMissing,
    Conflict,
    DeadHost,
    FilesUnavailable,
    Outdated,
    PlateNotFound,
)
from service.core.etags import read_if_match
from service.core.files import open_files
from service.core.idempotency import KEY_ERRORS, CreatedAnswer, Key, answer_once
from service.core.problems import raises
from service.core.quotas import note_quota
from service.core.web import (
    IfMatch,
    ReadSession,
    StandbySession,
    TaggedRoute,
    database_of,
    note_version,
    settings_of,
)
from service.plates import queries
from service.plates.commands import PhotoQuotaReached
from service.plates.commands.event_request import EventRequest, record_requested_event
from service.plates.payload_host import PayloadHost, payload_host_of
from service.plates.photos import PhotoUnreadable, count_upload, develop, stored_photo
from service.plates.policies import DECISIONS, PERMISSION_TO_RECORD, require_proof
from service.plates.queries.events import list_events
from service.plates.queries.locked_plates import see_plate
from service.plates.schemas import EventIn, EventList, EventOut, PlateOut

router = APIRouter(prefix="/plates", tags=["plates"], route_class=TaggedRoute)
Token = Annotated[
    str,
    Path(
        description="The ten characters of the token; O reads as 0, I and L as 1.",
        examples=["7K3M9QX2TB"],
    ),
]


@router.get("/{token}", operation_id="getPlate", responses=raises(PlateNotFound))
def get_plate(
    request: Request,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.PLATES_READ)],
    token: Token,
) -> PlateOut:
    """One plate, by the token in its QR code."""
    found = queries.get_plate(session, _folded(token))
    if not is_seen(get_address(session, found.code), program.viewer(Permission.PLATES_READ)):
        raise PlateNotFound(
            "no plate carries this token",
            hint="check it against the plate; a forged plate is not registered",
        )
    note_version(request, found.version)
    note_rows(request.scope, 1)
    return PlateOut.of(found)


@router.get("/{token}/events", operation_id="listPlateEvents", responses=raises(PlateNotFound))
def list_plate_events(
    request: Request, session: ReadSession, caller: CurrentCaller, token: Token
) -> EventList:
    """The events of a plate, newest first; the `ETag` is the version of the plate."""
    held = see_plate(session, _folded(token))
    caller.require(Permission.INSPECTIONS_READ, held.place)
    note_version(request, held.version)
    return EventList(events=[EventOut.of(event) for event in list_events(session, held.token)])


@router.post(
    "/{token}/events",
    operation_id="recordPlateEvent",
    status_code=201,
    responses=raises(
        *(PlateNotFound, Conflict, DeadHost, PhotoUnreadable),
        *(Outdated, ConditionMissing, FilesUnavailable, PhotoQuotaReached, *KEY_ERRORS),
    ),
    response_model=EventOut,
)
def record_plate_event(
    request: Request,
    caller: CurrentCaller,
    token: Token,
    sent: EventIn,
    key: Key,
    *,
    if_match: IfMatch = None,
) -> Response:
    """Record what happened to a plate: hung, inspected, repaired, reordered, voided, bound.

    A plate whose address has ended cannot be hung, only `taken_down`; one whose text differs from
    the register can be hung only with `accepts_text`.

    Sent again with the same `id`, the event recorded first is returned, also after months; a
    different event with that id is a conflict. An `Idempotency-Key` stands for an `id` that is
    missing.

    With `If-Match` it is recorded only if the plate has not changed since the caller read it.
    Decisions of the office (`ordered`, `voided`) require it; work and findings on site do not.
    """
    folded, settings, database = _folded(token), settings_of(request), database_of(request)
    with database.reading() as session:
        place = see_plate(session, folded).place
    permission = PERMISSION_TO_RECORD.get(sent.kind)
    if permission is None:
        raise BadRequest(
            f"{sent.kind} is not sent", hint="it is recorded when the new plate is hung"
        )
    caller.require(permission, place)
    seen = read_if_match(if_match, needed=sent.kind in DECISIONS)
    report = sent.to_report(key.value if key else "", seen)
    photo = develop(sent.photo) if sent.photo else None
    if photo is not None:
        note_quota(request.scope, count_upload(database, photo, caller.actor, settings.photo_limit))
    is_order = sent.kind is PlateEventKind.ORDERED
    host = payload_host_of(settings) if is_order else PayloadHost("")
    above = settings.batch_approval_above
    with stored_photo(open_files(settings), database, photo.jpeg if photo else None) as name:
        report = replace(report, photo=name)
        require_proof(sent.kind, report, settings.crew_proof)
        order = EventRequest(sent.kind, report, sent.reason, sent.code, host, above)
        with database.session() as session:

            def create() -> CreatedAnswer:
                recorded = record_requested_event(session, folded, order, caller.actor)
                return CreatedAnswer.of(EventOut.of(recorded))

            return answer_once(session, key, caller.actor, create).response


def _folded(token: str) -> str:
    folded = find_token(token)
    if folded is None:
        raise PlateNotFound("no plate carries this token", hint="a token has ten characters")
    return folded
