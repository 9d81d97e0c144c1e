"""The areas (责任区) of the API, for departments: kinds, days and borders, never a contact."""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response

from address_model.sensitivity import Viewer, mask
from service.areas.queries import PublishedArea, PublishedFilter, get_published, list_published
from service.areas.queries.borders import AreaNotFound
from service.areas.schemas import AreaDetail, AreaList, AreaRecord
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.clock import today
from service.core.database import LARGEST_NUMBER
from service.core.errors import NotAcceptable
from service.core.fields import DivisionPrefix, page_size
from service.core.media_types import MediaType, choose_media_type
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute, note_version

router = APIRouter(prefix="/areas", tags=["areas"], route_class=TaggedRoute)
AreaReader = Annotated[Program, granted(Permission.AREAS_READ)]
Day = Annotated[
    date | None,
    Query(
        description="The areas and borders in force on this day; today if left out.",
        examples=["2026-01-31"],
    ),
]
_FORMATS = (MediaType.JSON, MediaType.GEOJSON)
_GEOJSON: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MediaType.GEOJSON: {
                "schema": {
                    "type": "object",
                    "description": "Areas with their borders (RFC 7946); of a list a "
                    "FeatureCollection, whose `next` is the cursor of the next page.",
                }
            }
        }
    }
}


@router.get(
    "",
    operation_id="listAreas",
    response_model=AreaList,
    responses=_GEOJSON | raises(NotAcceptable),
)
def list_areas(
    *,
    request: Request,
    session: StandbySession,
    program: AreaReader,
    division: DivisionPrefix = "",
    kind: Annotated[
        str, Query(max_length=32, description="Only areas of this kind.", examples=["grid"])
    ] = "",
    at: Day = None,
    accept: Annotated[str, Header(max_length=1000, include_in_schema=False)] = "",
    cursor: Annotated[
        int,
        Query(
            ge=0,
            le=LARGEST_NUMBER,
            description="Only areas after this one: `next` of the previous page.",
            examples=[0],
        ),
    ] = 0,
    limit: Annotated[int, page_size(1000)] = 100,
) -> Response:
    """The areas in force on a day, by division, kind and code; with borders as GeoJSON."""
    media_type = choose_media_type(accept, _FORMATS)
    is_drawn = media_type is MediaType.GEOJSON
    viewer = program.viewer(Permission.AREAS_READ)
    divisions = program.divisions(Permission.AREAS_READ, within=division)
    wanted = PublishedFilter(divisions, at or today(), kind)
    found = list_published(session, wanted, after=cursor, limit=limit + 1, borders=is_drawn)
    rows, following = page_of(found, limit, attrgetter("id"))
    note_rows(request.scope, len(rows))
    if is_drawn:
        features = [feature_of(row, viewer) for row in rows]
        page = {"type": "FeatureCollection", "features": features, "next": following}
    else:
        page = {"areas": [show_area(row, viewer) for row in rows], "next": following}
    answer = Response(orjson.dumps(page), media_type=str(media_type))
    link_next(request, answer, cursor=following)
    return answer


@router.get(
    "/{key}",
    operation_id="getArea",
    response_model=AreaDetail,
    responses=_GEOJSON | raises(AreaNotFound, NotAcceptable),
)
def get_area(
    *,
    request: Request,
    session: StandbySession,
    program: AreaReader,
    key: Annotated[
        str,
        Path(
            max_length=120,
            description="The key of the area: its kind and code, as the change feed has it.",
            examples=["grid:WG-0102-003"],
        ),
    ],
    at: Day = None,
    accept: Annotated[str, Header(max_length=1000, include_in_schema=False)] = "",
) -> Response:
    """One area with its border, as it was on a day."""
    media_type = choose_media_type(accept, _FORMATS)
    viewer = program.viewer(Permission.AREAS_READ)
    area = get_published(session, key, program.divisions(Permission.AREAS_READ), at or today())
    note_version(request, area.version)
    note_rows(request.scope, 1)
    if media_type is MediaType.GEOJSON:
        shown = feature_of(area, viewer)
    else:
        shown = {**show_area(area, viewer), "geometry": orjson.Fragment(area.border)}
    return Response(orjson.dumps(shown), media_type=str(media_type))


def show_area(area: PublishedArea, viewer: Viewer) -> Mapping[str, object]:
    """An area without its border, as a viewer sees it."""
    shown = AreaRecord.of(area).model_dump()
    return mask(shown, "area_record", viewer, division=area.division)


def feature_of(area: PublishedArea, viewer: Viewer) -> Mapping[str, object]:
    """An area with its border as a GeoJSON feature."""
    return {
        "type": "Feature",
        "id": area.key,
        "geometry": orjson.Fragment(area.border),
        "properties": show_area(area, viewer),
    }
