"""Resolving over the API; for holders of a key."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse
from service.addresses.schemas import AddressOut
from service.auth.guards import CurrentClient
from service.core.errors import AddressNotFound, BadRequest
from service.core.pool import POOL
from service.core.web import ReadSession, database_of
from service.matching import queries
from service.matching.answers import COLUMNS, answer_in_process, answer_of
from service.matching.schemas import (
    BatchIn,
    BatchOut,
    BatchRow,
    NearestOut,
    ParseIn,
    ParseOut,
    ResolveIn,
    ResolveOut,
    SuggestionsOut,
)

ON_THE_THREAD = 100
"""More texts than this are resolved in another process: a thread may wait, never compute."""

router = APIRouter(tags=["matching"])


@router.post("/parse", operation_id="parse")
def parse_text(client: CurrentClient, wanted: ParseIn) -> ParseOut:
    """Read a text: its elements with their places, the plates it names, a verdict."""
    return ParseOut.of(parse(wanted.text, load_gazetteer()))


@router.post("/resolve", operation_id="resolve")
def resolve(session: ReadSession, client: CurrentClient, wanted: ResolveIn) -> ResolveOut:
    """Say which address a text means."""
    return ResolveOut.of(queries.resolve(session, wanted.text))


@router.post("/resolve/batch", operation_id="resolveBatch")
def resolve_batch(
    request: Request, session: ReadSession, client: CurrentClient, wanted: BatchIn
) -> BatchOut:
    """Resolve up to 10,000 texts; the results have their order."""
    if len(wanted.texts) <= ON_THE_THREAD:
        answers = [answer_of(found) for found in queries.resolve_many(session, wanted.texts)]
    else:
        answers = POOL.compute(answer_in_process, database_of(request).url, wanted.texts)
    return BatchOut(
        results=[
            BatchRow(text=text, **dict(zip(COLUMNS, answer, strict=True)))
            for text, answer in zip(wanted.texts, answers, strict=True)
        ]
    )


@router.get("/autocomplete", operation_id="autocomplete")
def autocomplete(
    *,
    session: ReadSession,
    client: CurrentClient,
    q: Annotated[str, Query(min_length=2, max_length=40)],
    division: Annotated[str, Query(pattern=r"^\d{6,12}$")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SuggestionsOut:
    """Names of a county that complete what is typed: characters, pinyin or initials."""
    return SuggestionsOut(suggestions=queries.complete(session, q, division[:6], limit))


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
    try:
        place = convert(Point(lon, lat), crs, CoordinateSystem.CGCS2000)
    except InvalidPoint as error:
        raise BadRequest(str(error), mend="give degrees, longitude and latitude") from error
    near = queries.find_nearest(session, place)
    if not near:
        raise AddressNotFound("no address has a point", mend="import points first")
    return NearestOut(address=AddressOut.of(near[0].address), metres=round(near[0].metres, 1))
