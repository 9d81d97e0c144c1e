"""Addresses for departments: many by any filter, one by its code."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from address_model.coordinates import CoordinateSystem
from service.addresses.schemas import AddressAnswer, AddressList
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.clock import today
from service.core.errors import AddressNotFound, BadRequest, MalformedCode, NotAcceptable
from service.core.fields import page_size
from service.core.media_types import MediaType
from service.core.paging import link_next
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute, note_version
from service.departments import queries
from service.departments.address_choice import DATED_PARTS as DATED
from service.departments.address_choice import PARTS, read_choice
from service.departments.address_file import ADDRESS_FILES, write_addresses
from service.departments.guards import AskedAddresses, Crs, Fields, Include, WantedType
from service.departments.history_schemas import AddressHistory
from service.departments.schemas import AddressDetail
from service.placenames.queries import PlaceNameNotFound

EXAMPLE = "3301029032882641"
MOST_WITH_PARTS = 100
router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)
Reader = Annotated[Program, granted(Permission.ADDRESSES_READ)]


@router.get(
    "",
    operation_id="listAddresses",
    response_model=AddressList,
    responses=ADDRESS_FILES | raises(NotAcceptable, PlaceNameNotFound),
)
def list_addresses(
    *,
    request: Request,
    session: StandbySession,
    program: Reader,
    asked: AskedAddresses,
    media_type: WantedType,
    fields: Fields = "",
    include: Include = "",
    crs: Crs = CoordinateSystem.CGCS2000,
    cursor: Annotated[
        str,
        Query(
            pattern=r"^(\d{16})?$",
            description="Only addresses after this code: `next` of the previous page.",
            examples=[EXAMPLE],
        ),
    ] = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> Response:
    """The addresses that fit every filter and that the program is granted, ordered by code.

    JSON, GeoJSON, CSV or NDJSON by `Accept`; the next page is in the header `Link`, in JSON and
    GeoJSON also in `next`. With `include` a page has 100 addresses at most, and of each the first
    100 children.
    """
    choice = read_choice(fields, include, crs)
    if media_type is MediaType.GEOJSON and choice.fields:
        choice = replace(choice, fields=("code", "geometry", *choice.fields))
    viewer = program.viewer(Permission.ADDRESSES_READ)
    divisions = program.divisions(Permission.ADDRESSES_READ, within=asked.division)
    place_ids = queries.find_place_ids(session, asked.place, asked.street, divisions)
    wanted = replace(asked.others, divisions=divisions, place_ids=place_ids, viewer=viewer)
    size = min(limit, MOST_WITH_PARTS) if choice.parts else limit
    rows, following = queries.list_page(session, wanted, choice, viewer, after=cursor, size=size)
    note_rows(request.scope, len(rows))
    answer = Response(
        write_addresses(rows, following, media_type, choice), media_type=str(media_type)
    )
    link_next(request, answer, cursor=following)
    return answer


@router.get(
    "/{code}",
    operation_id="getAddress",
    response_model=AddressDetail | AddressAnswer,
    responses=raises(AddressNotFound, MalformedCode),
)
def get_address(
    *,
    request: Request,
    session: StandbySession,
    program: Reader,
    code: Annotated[
        str, Path(description="The address code, with or without spaces.", examples=[EXAMPLE])
    ],
    fields: Fields = "",
    include: Include = "",
    crs: Crs = CoordinateSystem.CGCS2000,
    at: Annotated[
        date | None,
        Query(
            description="As it stood at the end of this day, as far as that is kept: texts, "
            "states, positions and identifiers. `unknown` names the fields that are not kept; "
            "`include` may be positions, names and identifiers.",
            examples=["2026-01-31"],
        ),
    ] = None,
) -> Response:
    """One address by its code; an ended address names the reason and its successors."""
    more = ("successors",) if at is None else ()
    choice = read_choice(fields, include, crs, more=more, parts=PARTS if at is None else DATED)
    viewer = program.viewer(Permission.ADDRESSES_READ)
    row = queries.get_seen_address(session, code, viewer)
    note_version(request, row.version)
    note_rows(request.scope, 1)
    if at is None:
        shown = queries.show_one(session, row, choice, viewer)
    elif at > today():
        raise BadRequest(f"at: {at} is still to come", hint="leave it out for the present state")
    else:
        shown = queries.show_past(session, row, at, choice, viewer)
    return Response(orjson.dumps(shown), media_type="application/json")


@router.get(
    "/{code}/history",
    operation_id="getAddressHistory",
    response_model=AddressHistory,
    responses=raises(AddressNotFound, MalformedCode),
)
def get_history(
    *,
    request: Request,
    session: StandbySession,
    program: Reader,
    code: Annotated[
        str, Path(description="The address code, with or without spaces.", examples=[EXAMPLE])
    ],
    crs: Crs = CoordinateSystem.CGCS2000,
    after: Annotated[
        int,
        Query(
            ge=0,
            lt=2**63,
            description="Only events after this position: `next` of the previous page.",
            examples=[0],
        ),
    ] = 0,
    limit: Annotated[int, page_size(1000)] = 100,
) -> Response:
    """The texts, positions, identifiers and relatives an address has or had, and its changes.

    Texts, positions and identifiers are kept for ever with their days, changes as long as the feed
    (see `/changes`). Who changed it is not told.
    """
    choice = read_choice("", "", crs)
    viewer = program.viewer(Permission.ADDRESSES_READ)
    row = queries.get_seen_address(session, code, viewer)
    note_rows(request.scope, 1)
    shown, following = queries.show_history(session, row, choice, viewer, after=after, size=limit)
    answer = Response(orjson.dumps(shown), media_type="application/json")
    link_next(request, answer, after=following)
    return answer
