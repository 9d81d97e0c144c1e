"""Addresses over the API; for holders of a key."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.addresses import queries
from service.addresses.schemas import AddressList, AddressOut
from service.auth.guards import CurrentClient
from service.core.web import ReadSession, TaggedRoute

router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)


@router.get("", operation_id="listAddresses")
def list_addresses(
    *,
    session: ReadSession,
    client: CurrentClient,
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    status: Annotated[str, Query(max_length=16)] = "",
    cursor: Annotated[str, Query(max_length=16)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AddressList:
    """Addresses of a division in order of code."""
    rows = queries.list_addresses(
        session, division=division, status=status, after=cursor, limit=limit
    )
    following = rows[-1].code if len(rows) == limit else None
    return AddressList(addresses=[AddressOut.of(row) for row in rows], next=following)
