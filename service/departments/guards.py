"""Reads the query parameters that say which addresses, what of them, and in which form."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query
from pydantic import AwareDatetime

from address_model.coordinates import CoordinateSystem
from address_model.lifecycle import AddressStatus
from service.addresses.queries import AddressFilter, Box, Circle
from service.addresses.schemas import AddressLevel
from service.core.boxes import read_box, read_numbers, read_point
from service.core.errors import BadRequest
from service.core.fields import DivisionPrefix
from service.core.media_types import MediaType, choose_media_type

WIDEST_M = 5_000.0
"""The largest radius of ``near``, in metres."""

Crs = Annotated[
    CoordinateSystem,
    Query(
        description="Coordinate system of every point in the request and the answer: 4490 "
        "CGCS2000, 4326 WGS84, gcj02 (高德、腾讯), bd09 (百度).",
        examples=["4490"],
    ),
]
Fields = Annotated[
    str,
    Query(
        max_length=300,
        description="Only these fields, separated by commas; empty: all that the grant shows.",
        examples=["code,standard_text,geometry"],
    ),
]
Include = Annotated[
    str,
    Query(
        max_length=100,
        description="The related records to include, separated by commas: place, positions, "
        "names, identifiers, areas, plates, parent, children.",
        examples=["place,positions,names,plates"],
    ),
]


PlaceNumber = Annotated[
    str,
    Query(
        pattern=r"^[0-9A-Z-]{0,24}$",
        description="Only addresses that count along this place: the number of a street, "
        "estate or village.",
        examples=["33010200121800000001"],
    ),
]
StreetName = Annotated[
    str,
    Query(
        max_length=60,
        description="Only addresses along places of this name: standard or former, in "
        "characters or pinyin.",
        examples=["河坊街"],
    ),
]
Status = Annotated[
    AddressStatus | None,
    Query(description="Only addresses in this state.", examples=["active"]),
]
Level = Annotated[
    AddressLevel | None,
    Query(description="Only addresses whose deepest element this is.", examples=["number"]),
]
BoundingBox = Annotated[
    str,
    Query(
        max_length=100,
        description="Only addresses whose own point (代表点) lies in this box: west, south, "
        "east, north in degrees of `crs`.",
        examples=["120.15,30.23,120.18,30.25"],
    ),
]
Near = Annotated[
    str,
    Query(
        max_length=100,
        description="Only addresses whose own point (代表点) lies within some metres of a "
        f"point: longitude, latitude, metres ({WIDEST_M:,.0f} at most).",
        examples=["120.165,30.24,200"],
    ),
]
ChangedSince = Annotated[
    AwareDatetime | None,
    Query(
        description="Only addresses whose own record has changed since this moment (RFC 3339 "
        "with its offset). To follow every change, also of names and links, read /changes.",
        examples=["2026-11-01T00:00:00Z"],
    ),
]


@dataclass(frozen=True, slots=True)
class AddressQuestion:
    """Which addresses are asked for: the division, the names of a place, and all other filters."""

    division: str
    place: str
    street: str
    others: AddressFilter


def read_question(
    *,
    division: DivisionPrefix = "",
    place: PlaceNumber = "",
    street: StreetName = "",
    status: Status = None,
    level: Level = None,
    bbox: BoundingBox = "",
    near: Near = "",
    changed_since: ChangedSince = None,
    crs: Crs = CoordinateSystem.CGCS2000,
) -> AddressQuestion:
    """The addresses that a request asks for.

    Raises:
        BadRequest: a box or a circle is none.
    """
    box = circle = None
    if bbox:
        box = Box(*read_box(bbox, crs))
    if near:
        lon, lat, metres = read_numbers("near", near, 3)
        if not 0 <= metres <= WIDEST_M:
            raise BadRequest(
                f"near: {metres:g} m is no radius here", hint=f"send 0 to {WIDEST_M:,.0f} metres"
            )
        circle = Circle(read_point(lon, lat, crs), metres)
    others = AddressFilter(
        status=status or "",
        level=level or "",
        box=box,
        circle=circle,
        changed_since=changed_since,
    )
    return AddressQuestion(division, place, street, others)


def read_media_type(
    accept: Annotated[str, Header(max_length=1000, include_in_schema=False)] = "",
) -> MediaType:
    """The media type of a list of addresses.

    Raises:
        NotAcceptable: it is written in none that the caller takes.
    """
    return choose_media_type(accept, tuple(MediaType))


AskedAddresses = Annotated[AddressQuestion, Depends(read_question)]
WantedType = Annotated[MediaType, Depends(read_media_type)]
