"""The heritage catalogue in the API; public, like its pages."""

from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from address_model.division_codes import division_prefix
from service.core.fields import AnyName, DivisionPrefix, PlaceCursor, page_size
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute, settings_of
from service.heritage import queries
from service.heritage.files import FileAnswer, Format, write_entries
from service.heritage.queries.entries import EntryNotFound
from service.heritage.schemas import EntryDetail, EntryList, EntryOut

router = APIRouter(prefix="/heritage", tags=["heritage"], route_class=TaggedRoute)
_GRAPH = {"schema": {"type": "object", "additionalProperties": True}}
_OTHER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/geo+json": _GRAPH,
            "application/ld+json": _GRAPH,
            "text/csv": {"schema": {"type": "string"}},
        }
    },
}
_MOVED: dict[int | str, dict[str, Any]] = {
    308: {
        "description": "A division code was requested: redirect to its entry.",
        "headers": {
            "Location": {
                "description": "The path of the entry.",
                "schema": {"type": "string"},
                "example": "/api/v1/heritage/ZJH-0087",
            }
        },
    }
}
Wanted = Annotated[Format, Query(description="The format of the response.", examples=["geojson"])]


def base_of(request: Request) -> str:
    """The URL prefix of the entries' pages."""
    return str(settings_of(request).public_url).rstrip("/") + "/heritage/"


@router.get("", operation_id="listHeritage", response_model=EntryList, responses=_OTHER)
def list_heritage(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    q: AnyName = "",
    heritage_class: Annotated[
        str,
        Query(
            alias="class",
            max_length=32,
            description="Entries of this class.",
            examples=["street_lane"],
        ),
    ] = "",
    division: DivisionPrefix = "",
    dynasty: Annotated[
        str, Query(max_length=12, description="Names of this dynasty.", examples=["南宋"])
    ] = "",
    scheme: Annotated[
        str,
        Query(max_length=24, description="Entries on this list.", examples=["CN-QNGX"]),
    ] = "",
    format: Wanted = Format.JSON,  # noqa: A002 - the name of the parameter
    cursor: PlaceCursor = "",
    limit: Annotated[int, page_size(100)] = 50,
) -> EntryList | Response:
    """Search the catalogue; `Link` and `next` give the next page in every format."""
    wanted = queries.EntryFilter(q, heritage_class, division_prefix(division), dynasty, scheme)
    found = queries.list_summaries(session, wanted, after=cursor, limit=limit + 1)
    rows, following = page_of(found, limit, attrgetter("id"))
    if format is not Format.JSON:
        whole = queries.list_entries(session, [row.id for row in rows])
        answer = _respond(write_entries(whole, format, base_of(request)))
        link_next(request, answer, cursor=following)
        return answer
    link_next(request, response, cursor=following)
    total = queries.count_entries(session, wanted)
    return EntryList(entries=[EntryOut.of(row) for row in rows], total=total, next=following)


@router.get(
    "/{entry_id}",
    operation_id="getHeritage",
    response_model=EntryDetail,
    responses=_OTHER | _MOVED | raises(EntryNotFound),
)
def get_heritage(
    *,
    request: Request,
    session: StandbySession,
    entry_id: Annotated[
        str, Path(description="The id of the entry, or a division code.", examples=["ZJH-0087"])
    ],
    format: Wanted = Format.JSON,  # noqa: A002 - the name of the parameter
) -> EntryDetail | Response:
    """One entry with its names, evidence, accounts, lists and sources.

    A current or former division code redirects to the entry of the division.
    """
    if entry_id.isdigit():
        found = queries.get_entry_id_of_code(session, entry_id)
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/api/v1/heritage/{found}{query}", 308)
    entry = queries.find_entry(session, entry_id)
    if entry is None:
        now = queries.find_entry_id_now(session, entry_id) or entry_id
        entry = queries.get_entry(session, now)
    if format is not Format.JSON:
        return _respond(write_entries([entry], format, base_of(request)))
    return EntryDetail.of(entry, base_of(request) + entry.id)


def _respond(answer: FileAnswer) -> Response:
    return Response(answer.body, media_type=answer.media_type, headers=answer.headers)
