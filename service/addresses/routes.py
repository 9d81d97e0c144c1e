"""The addresses of the API, for holders of a key."""

from operator import attrgetter
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from address_model.lifecycle import AddressStatus
from service.addresses import queries
from service.addresses.json_view import show_columns
from service.addresses.schemas import AddressList
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.fields import DivisionPrefix, page_size
from service.core.paging import link_next, page_of
from service.core.web import StandbySession, TaggedRoute

router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)


@router.get("", operation_id="listAddresses", response_model=AddressList)
def list_addresses(
    *,
    request: Request,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.ADDRESSES_READ)],
    division: DivisionPrefix = "",
    status: Annotated[
        AddressStatus | None,
        Query(description="Only addresses in this state.", examples=["active"]),
    ] = None,
    cursor: Annotated[
        str,
        Query(
            pattern=r"^(\d{16})?$",
            description="Only addresses after this code: `next` of the previous page.",
            examples=["3301029032882641"],
        ),
    ] = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> Response:
    """List the addresses of a division that the program is granted, ordered by code."""
    viewer = program.viewer(Permission.ADDRESSES_READ)
    found = queries.list_columns(
        session,
        division=division,
        status=status or "",
        after=cursor,
        limit=limit + 1,
        viewer=viewer,
    )
    rows, following = page_of(found, limit, attrgetter("code"))
    shown = [show_columns(row, viewer) for row in rows]
    note_rows(request.scope, len(rows))
    body = orjson.dumps({"addresses": shown, "next": following})
    answer = Response(body, media_type="application/json")
    link_next(request, answer, cursor=following)
    return answer
