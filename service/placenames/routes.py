"""Place names over the API; open to all."""

from typing import Annotated

from fastapi import APIRouter, Query

from address_model.division_codes import division_prefix
from service.core.web import ReadSession
from service.placenames.queries import NameFilter, get_record, list_place_names
from service.placenames.schemas import PlaceNameList, PlaceNameOut

router = APIRouter(prefix="/place-names", tags=["place names"])


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
    return PlaceNameList(place_names=[PlaceNameOut.of(row) for row in rows], next=following)


@router.get("/{number}", operation_id="getPlaceName")
def get_name(session: ReadSession, number: str) -> PlaceNameOut:
    """One place name by its number."""
    return PlaceNameOut.of(get_record(session, number))
