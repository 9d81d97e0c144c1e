"""Addresses over the API; for holders of a key."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response

from address_model.sensitivity import CLIENT
from service.addresses import queries
from service.addresses.json_view import show_address
from service.addresses.schemas import AddressList
from service.auth.guards import CurrentClient
from service.core.web import ReadSession, TaggedRoute

router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)


@router.get("", operation_id="listAddresses", response_model=AddressList)
def list_addresses(
    *,
    session: ReadSession,
    client: CurrentClient,
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    status: Annotated[str, Query(max_length=16)] = "",
    cursor: Annotated[str, Query(max_length=16)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Addresses of a division in order of code."""
    rows = queries.list_addresses(
        session, division=division, status=status, after=cursor, limit=limit
    )
    following = rows[-1].code if len(rows) == limit else None
    shown = [show_address(row, CLIENT) for row in rows]
    body = orjson.dumps({"addresses": shown, "next": following})
    return Response(body, media_type="application/json")
