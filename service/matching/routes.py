"""Resolving over the API; for holders of a key."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from address_model.coordinates import CoordinateSystem
from address_model.division_codes import division_prefix
from address_model.parsing import parse
from service.addresses.schemas import AddressOut
from service.auth.guards import CurrentClient
from service.core.errors import AddressNotFound
from service.core.web import ReadSession, database_of
from service.divisions.queries import gazetteer_of
from service.matching import queries
from service.matching.batches import BATCH_OPENAPI, answer_batch
from service.matching.focus import Focus
from service.matching.guards import BatchBody
from service.matching.schemas import (
    BatchOut,
    DoorOut,
    NearestOut,
    ParseIn,
    ParseOut,
    ResolveIn,
    ResolveOut,
    SuggestionsOut,
    read_point,
)

router = APIRouter(tags=["matching"])


@router.post("/parse", operation_id="parse")
def parse_text(session: ReadSession, client: CurrentClient, wanted: ParseIn) -> ParseOut:
    """Read a text: its elements with their places, the plates it names, a verdict."""
    return ParseOut.of(parse(wanted.text, gazetteer_of(session)))


@router.post("/resolve", operation_id="resolve")
def resolve(session: ReadSession, client: CurrentClient, wanted: ResolveIn) -> ResolveOut:
    """Say which address a text or a foreign identifier means."""
    focus = wanted.focus()
    return ResolveOut.of(queries.resolve(session, wanted.text, focus), focus.near)


@router.post(
    "/resolve/batch",
    operation_id="resolveBatch",
    response_model=BatchOut,
    openapi_extra=BATCH_OPENAPI,
)
def resolve_batch(
    *,
    request: Request,
    client: CurrentClient,
    batch: BatchBody,
    column: Annotated[str, Query(max_length=100)] = "",
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    scheme: Annotated[str, Query(max_length=64)] = "",
    level: Literal["", "number"] = "",
) -> Response:
    """Resolve up to 10,000 rows; the answer has the format and the order of the question.

    JSON takes `{"texts": […]}` or a list of objects, CSV and NDJSON a table; its columns are kept
    and the answer's columns come behind. `column` names the one that holds the address (without
    it: 地址, address or text). With `level=number` doors are asked for.
    """
    focus = Focus(division, scheme=scheme, level=level)
    answer = answer_batch(database_of(request), batch, column, focus, client.name)
    return Response(answer, media_type=batch.media_type)


@router.get("/autocomplete", operation_id="autocomplete")
def autocomplete(
    *,
    session: ReadSession,
    client: CurrentClient,
    q: Annotated[str, Query(min_length=2, max_length=40)],
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SuggestionsOut:
    """Names of a division that complete what is typed: characters, pinyin or initials.

    Behind a whole name and digits (河坊街8) the addresses come too.
    """
    found = queries.complete(session, q, division_prefix(division)[:6], limit)
    doors = [DoorOut(code=row.code, standard_text=row.standard_text) for row in found.doors]
    return SuggestionsOut(suggestions=found.names, addresses=doors)


@router.get("/reverse", operation_id="reverse")
def reverse(
    *,
    session: ReadSession,
    client: CurrentClient,
    lon: float,
    lat: float,
    crs: CoordinateSystem = CoordinateSystem.CGCS2000,
) -> NearestOut:
    """The address nearest to a point, with the distance in metres."""
    near = queries.find_nearest(session, read_point(lon, lat, crs))
    if not near:
        raise AddressNotFound("no address has a point", mend="import points first")
    return NearestOut(address=AddressOut.of(near[0].address), metres=round(near[0].metres, 1))
