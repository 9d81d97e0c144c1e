"""Addresses over the API; for holders of a key."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from address_model.lifecycle import AddressStatus
from service.addresses import queries
from service.addresses.schemas import AddressList, AddressOut
from service.auth.guards import CurrentClient
from service.core.fields import DivisionPrefix, page_size
from service.core.paging import link_next
from service.core.web import ReadSession, TaggedRoute

router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)


@router.get("", operation_id="listAddresses")
def list_addresses(
    *,
    request: Request,
    response: Response,
    session: ReadSession,
    client: CurrentClient,
    division: DivisionPrefix = "",
    status: Annotated[
        AddressStatus | None,
        Query(description="Addresses in this state alone.", examples=["active"]),
    ] = None,
    cursor: Annotated[
        str,
        Query(
            pattern=r"^(\d{16})?$",
            description="Addresses behind this code: `next` of the page before.",
            examples=["3301029032882641"],
        ),
    ] = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> AddressList:
    """Addresses of a division in order of code."""
    rows = queries.list_addresses(
        session, division=division, status=status or "", after=cursor, limit=limit
    )
    following = rows[-1].code if len(rows) == limit else None
    link_next(request, response, cursor=following)
    return AddressList(addresses=[AddressOut.of(row) for row in rows], next=following)
