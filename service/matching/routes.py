"""API routes for resolving, for clients with a key."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from address_model.coordinates import CoordinateSystem
from address_model.division_codes import division_prefix
from address_model.parsing import parse
from service.addresses.queries import DOOR_LEVELS
from service.addresses.schemas import AddressLevel, AddressOut
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.boxes import read_point
from service.core.errors import AddressNotFound, FilesUnavailable, ServerBusy, TooMuch
from service.core.fields import DivisionPrefix, Latitude, Longitude, page_size
from service.core.files import open_files
from service.core.idempotency import KEY_ERRORS, CreatedAnswer, Key, answer_once
from service.core.problems import raises
from service.core.web import StandbySession, database_of, reads_of, settings_of
from service.divisions.queries import gazetteer_of
from service.matching import queries
from service.matching.batches import BATCH_ANSWERS, BATCH_OPENAPI, answer_batch
from service.matching.commands import queue_batch
from service.matching.guards import BatchBody
from service.matching.parse_answer import ParseIn, ParseOut
from service.matching.resolve_options import ResolveOptions
from service.matching.schemas import (
    DoorOut,
    NearestOut,
    NearOut,
    ResolvedBatchOut,
    ResolveIn,
    ResolveOut,
    SuggestionsOut,
)
from service.runs.schemas import RunOut

router = APIRouter(tags=["matching"])
FURTHEST_M = 10_000.0
"""How far ``reverse`` looks, in metres."""
Radius = Annotated[
    float,
    Query(
        gt=0,
        le=FURTHEST_M,
        description="Only addresses within so many metres.",
        examples=[200.0],
    ),
]
NearLevel = Annotated[
    AddressLevel | None,
    Query(
        description="Only addresses of this level; without it doors: numbers, and buildings, "
        "of several at one point the first.",
        examples=["number"],
    ),
]
ResolvingProgram = Annotated[Program, granted(Permission.ADDRESSES_RESOLVE)]
_CODES = re.compile(rb"(?<!\d)\d{16}(?!\d)")
Column = Annotated[
    str,
    Query(
        max_length=100,
        description="The column that holds the address; empty: 地址, address or text.",
        examples=["地址"],
    ),
]
_TABLES: dict[int | str, dict[str, Any]] = {
    202: {"model": RunOut, "description": "The run that resolves more than 10,000 rows."},
    200: {
        "description": "The rows in the format of the request, with the result columns appended.",
        "content": BATCH_ANSWERS,
    },
}


@router.post("/parse", operation_id="parse")
def parse_text(session: StandbySession, program: ResolvingProgram, wanted: ParseIn) -> ParseOut:
    """Parse a text: its elements with their positions, the plates it names, a verdict."""
    return ParseOut.of(parse(wanted.text, gazetteer_of(session)))


@router.post("/resolve", operation_id="resolve", response_model_exclude_unset=True)
def resolve(
    request: Request, session: StandbySession, program: ResolvingProgram, wanted: ResolveIn
) -> ResolveOut:
    """Resolve a text, elements or a foreign identifier to an address within the grants.

    Elements are read as the text that they make, which the answer repeats.
    """
    viewer = program.viewer(Permission.ADDRESSES_RESOLVE)
    focus = wanted.focus(viewer)
    found = queries.resolve(session, wanted.wanted_text, focus)
    note_rows(request.scope, (found.address is not None) + len(found.candidates))
    return ResolveOut.of(found, viewer, focus.near)


@router.post(
    "/resolve/batch",
    operation_id="resolveBatch",
    response_model=ResolvedBatchOut | list[dict[str, Any]],
    openapi_extra=BATCH_OPENAPI,
    responses=_TABLES | raises(TooMuch, ServerBusy, FilesUnavailable, *KEY_ERRORS),
)
def resolve_batch(
    *,
    request: Request,
    program: ResolvingProgram,
    key: Key,
    batch: BatchBody,
    column: Column = "",
    division: DivisionPrefix = "",
    scheme: Annotated[
        str,
        Query(
            max_length=64,
            description="The texts are identifiers of this scheme, not addresses.",
            examples=["police"],
        ),
    ] = "",
    level: Annotated[
        Literal["", "number"],
        Query(description="number: resolve to doors.", examples=["number"]),
    ] = "",
) -> Response:
    """Resolve a table of addresses; the response has the format and the order of the request.

    JSON takes `{"texts": […]}` or a list of objects, CSV and NDJSON a table; its columns are kept
    and the result columns are appended. `column` names the one that holds the address (default:
    地址, address or text). With `level=number` texts resolve to doors.

    More than 10,000 rows become a run: the answer is 202 with its `Location`; when the run is
    done, `GET /runs/{id}/result` has what the answer would have been, for some days.
    """
    viewer = program.viewer(Permission.ADDRESSES_RESOLVE)
    focus = ResolveOptions(division, scheme=scheme, level=level, viewer=viewer)
    found = answer_batch(reads_of(request).choose(), batch, column, focus, program.name)
    if found is not None:
        note_rows(request.scope, len(_CODES.findall(found)))
        return Response(found, media_type=batch.media_type)
    files = open_files(settings_of(request))
    with database_of(request).session() as session:

        def create() -> CreatedAnswer:
            run = queue_batch(session, files, batch, column, focus, program=program)
            return CreatedAnswer.of(RunOut.of(run), 202, {"Location": f"/api/v1/runs/{run.id}"})

        return answer_once(session, key, program.actor, create).response


@router.get("/autocomplete", operation_id="autocomplete")
def autocomplete(
    *,
    request: Request,
    session: StandbySession,
    program: ResolvingProgram,
    q: Annotated[
        str,
        Query(
            min_length=2,
            max_length=40,
            description="The typed text: characters, pinyin or initials.",
            examples=["河坊"],
        ),
    ],
    division: DivisionPrefix = "",
    limit: Annotated[int, page_size(50)] = 10,
) -> SuggestionsOut:
    """Names in a division that complete the typed text: characters, pinyin or initials.

    After a whole name and digits (河坊街8) matching addresses are returned too.
    """
    viewer = program.viewer(Permission.ADDRESSES_RESOLVE)
    found = queries.complete(session, q, division_prefix(division)[:6], limit, viewer)
    doors = [DoorOut(code=row.code, standard_text=row.standard_text) for row in found.doors]
    note_rows(request.scope, len(doors))
    return SuggestionsOut(suggestions=found.names, addresses=doors)


@router.get(
    "/reverse",
    operation_id="reverse",
    response_model_exclude_unset=True,
    responses=raises(AddressNotFound),
)
def reverse(
    *,
    request: Request,
    session: StandbySession,
    program: ResolvingProgram,
    lon: Longitude,
    lat: Latitude,
    crs: Annotated[
        CoordinateSystem,
        Query(description="Coordinate system of lon and lat.", examples=["4490"]),
    ] = CoordinateSystem.CGCS2000,
    radius: Radius = FURTHEST_M,
    level: NearLevel = None,
    limit: Annotated[int, page_size(50)] = 1,
) -> NearestOut:
    """The address nearest to a point within the grants, with its distance, and the next ones.

    An address is where its entrance is, if that is known, else at its own point (代表点).
    """
    viewer = program.viewer(Permission.ADDRESSES_RESOLVE)
    levels = (level,) if level else DOOR_LEVELS
    point = read_point(lon, lat, crs)
    found = queries.find_nearest(session, point, limit, viewer, within_m=radius, levels=levels)
    note_rows(request.scope, len(found))
    if not found:
        raise AddressNotFound(
            f"no address lies within {radius:,.0f} m", hint="ask with a larger radius"
        )
    first, *others = (
        NearOut(address=AddressOut.of(one.address, viewer), metres=round(one.metres, 1))
        for one in found
    )
    return NearestOut(address=first.address, metres=first.metres, others=others)
