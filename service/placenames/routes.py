"""Place names over the API; open to all."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from address_model.division_codes import division_prefix
from service.core.web import ReadSession, TaggedRoute, note_version
from service.placenames.queries import NameFilter, find_versions, get_record, list_place_names
from service.placenames.schemas import PlaceNameList, PlaceNameOut

router = APIRouter(prefix="/place-names", tags=["place names"], route_class=TaggedRoute)


@router.get("", operation_id="listPlaceNames")
def list_names(
    *,
    session: ReadSession,
    q: Annotated[
        str,
        Query(max_length=40, description="characters, pinyin, or a former name"),
    ] = "",
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    kind: Annotated[str, Query(max_length=32)] = "",
    needs_review: bool | None = None,
    cursor: Annotated[str, Query(max_length=24)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PlaceNameList:
    """Place names by any name they have or had, by division and kind, in order of number."""
    wanted = NameFilter(q, division_prefix(division), kind, needs_review=needs_review)
    rows = list_place_names(session, wanted, after=cursor, limit=limit)
    following = rows[-1].number if len(rows) == limit else None
    versions = find_versions(session, [row.number for row in rows])
    shown = [PlaceNameOut.of(row, versions[row.number]) for row in rows]
    return PlaceNameList(place_names=shown, next=following)


@router.get("/{number}", operation_id="getPlaceName")
def get_name(request: Request, session: ReadSession, number: str) -> PlaceNameOut:
    """One place name by its number."""
    record = get_record(session, number)
    version = find_versions(session, [record.number])[record.number]
    note_version(request, version)
    return PlaceNameOut.of(record, version)
