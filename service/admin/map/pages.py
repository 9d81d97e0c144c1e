"""What the maps of the desk read: vector tiles, and the points of a list."""

from typing import Annotated

import orjson
from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import staff_pages
from service.admin.pages_addresses import Asked, find_listing
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.changes.queries import get_last_position
from service.core import html
from service.core.etags import ASK_AGAIN, is_unchanged, make_etag
from service.core.web import ReadSession
from service.plates.queries.address_lists import ListedAddress, list_in_street_order
from service.tiles.grid import Tile
from service.tiles.queries import read_tile

router = staff_pages()
Reader = Annotated[StaffMember, staff(Permission.ADDRESSES_READ)]
MOST_MARKED = 2000
"""At most so many addresses of a list are marked on its map."""


@router.get("/admin/tiles/{zoom}/{x}/{y}")
def tile(
    request: Request, session: ReadSession, member: Reader, *, zoom: int, x: int, y: int
) -> Response:
    """A vector tile with the addresses of the person's divisions.

    Its tag changes with the position of the change feed, so an unchanged one is not read again.
    """
    wanted = Tile(zoom, x, y)
    wanted.require_known()
    scopes = member.scopes(Permission.ADDRESSES_READ)
    tag = make_etag(f"{get_last_position(session)} {scopes}".encode())
    headers = ASK_AGAIN | {"ETag": tag, "Vary": "Cookie"}
    if is_unchanged(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    body = read_tile(session, wanted, scopes)
    return Response(body, headers=headers, media_type="application/vnd.mapbox-vector-tile")


@router.get("/admin/address-points")
def points(request: Request, session: ReadSession, member: Reader, asked: Asked) -> Response:
    """The addresses of a list that have a point, as GeoJSON; at most ``MOST_MARKED`` are looked at.

    ``is_cut`` says that the list goes on.
    """
    listing = find_listing(request, session, member, asked)
    rows: list[ListedAddress] = []
    is_cut = False
    if listing.wanted is not None:
        page = list_in_street_order(session, listing.wanted, limit=MOST_MARKED)
        rows, is_cut = page.rows, bool(page.following)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.point.lon, row.point.lat]},
            "properties": {
                "code": row.code,
                "standard_text": row.standard_text,
                "status": row.status,
            },
        }
        for row in rows
        if row.point is not None
    ]
    answer = {"type": "FeatureCollection", "is_cut": is_cut, "features": features}
    body = orjson.dumps(answer)
    return Response(body, headers=html.PRIVATE, media_type="application/geo+json")
