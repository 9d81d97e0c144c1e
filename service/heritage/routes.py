"""The heritage catalogue over the API; open to all, as its pages are."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from address_model.division_codes import division_prefix
from service.core.web import ReadSession, TaggedRoute, settings_of
from service.heritage import queries
from service.heritage.answers import Answer, Format, write_entries
from service.heritage.schemas import EntryDetail, EntryList, EntryOut

router = APIRouter(prefix="/heritage", tags=["heritage"], route_class=TaggedRoute)
_OTHER: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/geo+json": {}, "application/ld+json": {}, "text/csv": {}}},
}


def base_of(request: Request) -> str:
    """What stands before an id in the address of an entry's page."""
    return str(settings_of(request).public_url).rstrip("/") + "/heritage/"


@router.get("", operation_id="listHeritage", response_model=EntryList, responses=_OTHER)
def list_heritage(
    *,
    request: Request,
    session: ReadSession,
    q: Annotated[
        str,
        Query(max_length=40, description="characters, pinyin, or a former name"),
    ] = "",
    heritage_class: Annotated[str, Query(alias="class", max_length=32)] = "",
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    dynasty: Annotated[str, Query(max_length=12)] = "",
    scheme: Annotated[str, Query(max_length=24, description="code of a list")] = "",
    format: Annotated[Format, Query()] = Format.JSON,  # noqa: A002 - its name in the address
    cursor: Annotated[str, Query(max_length=24)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> EntryList | Response:
    """Search the catalogue; `Link` and `next` lead to the next page in every format."""
    wanted = queries.EntryFilter(q, heritage_class, division_prefix(division), dynasty, scheme)
    rows = queries.list_summaries(session, wanted, after=cursor, limit=limit)
    following = rows[-1].id if len(rows) == limit else None
    if format is not Format.JSON:
        whole = queries.list_entries(session, [row.id for row in rows])
        answer = _respond(write_entries(whole, format, base_of(request)))
        if following:
            link = request.url.include_query_params(cursor=following)
            answer.headers["Link"] = f'<{link.path}?{link.query}>; rel="next"'
        return answer
    total = queries.count_entries(session, wanted)
    return EntryList(entries=[EntryOut.of(row) for row in rows], total=total, next=following)


@router.get("/{entry_id}", operation_id="getHeritage", response_model=EntryDetail, responses=_OTHER)
def get_heritage(
    *,
    request: Request,
    session: ReadSession,
    entry_id: str,
    format: Annotated[Format, Query()] = Format.JSON,  # noqa: A002 - its name in the address
) -> EntryDetail | Response:
    """One entry with its names, evidence, accounts, lists and sources.

    A division code that the place has or had leads to its entry.
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


def _respond(answer: Answer) -> Response:
    return Response(answer.body, media_type=answer.media_type, headers=answer.headers)
