"""Place names over the API; open to all."""

from operator import attrgetter
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from address_model.division_codes import division_prefix
from service.core.boxes import read_box
from service.core.fields import AnyName, DivisionPrefix, PlaceCursor, page_size
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute, note_version
from service.placenames.queries import (
    NameFilter,
    PlaceNameNotFound,
    find_versions,
    get_record,
    list_place_names,
)
from service.placenames.schemas import PlaceNameList, PlaceNameOut

router = APIRouter(prefix="/place-names", tags=["place names"], route_class=TaggedRoute)
Status = Annotated[
    Literal["", "current", "historical"],
    Query(description="Only names in use (现用), or historical ones.", examples=["current"]),
]
BoundingBox = Annotated[
    str,
    Query(
        max_length=100,
        description="Only places whose geometry meets this box: west, south, east, north in "
        "degrees, EPSG:4490.",
        examples=["120.15,30.23,120.18,30.25"],
    ),
]
ChangedSince = Annotated[
    AwareDatetime | None,
    Query(
        description="Only names whose record has changed since this moment (RFC 3339 with its "
        "offset).",
        examples=["2026-11-01T00:00:00Z"],
    ),
]


@router.get("", operation_id="listPlaceNames")
def list_names(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    q: AnyName = "",
    division: DivisionPrefix = "",
    kind: Annotated[
        str, Query(max_length=32, description="Places of this kind.", examples=["street"])
    ] = "",
    needs_review: Annotated[
        bool | None,
        Query(description="Names that somebody should look at, or not.", examples=[False]),
    ] = None,
    status: Status = "",
    bbox: BoundingBox = "",
    changed_since: ChangedSince = None,
    cursor: PlaceCursor = "",
    limit: Annotated[int, page_size(500)] = 100,
) -> PlaceNameList:
    """Place names that fit every filter, in order of number."""
    box = read_box(bbox) if bbox else None
    wanted = NameFilter(
        q, division_prefix(division), kind, needs_review, status, box, changed_since
    )
    found = list_place_names(session, wanted, after=cursor, limit=limit + 1)
    rows, following = page_of(found, limit, attrgetter("number"))
    versions = find_versions(session, [row.number for row in rows])
    shown = [PlaceNameOut.of(row, versions[row.number]) for row in rows]
    link_next(request, response, cursor=following)
    return PlaceNameList(place_names=shown, next=following)


@router.get("/{number}", operation_id="getPlaceName", responses=raises(PlaceNameNotFound))
def get_name(
    request: Request,
    session: StandbySession,
    number: Annotated[
        str, Path(description="The number of the place name.", examples=["ZJH-0087"])
    ],
) -> PlaceNameOut:
    """One place name by its number."""
    record = get_record(session, number)
    version = find_versions(session, [record.number])[record.number]
    note_version(request, version)
    return PlaceNameOut.of(record, version)
