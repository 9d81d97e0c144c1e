"""Reads a list that a program sends: the file in the body, and what is declared about it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from address_model.coordinates import CoordinateSystem
from service.core.errors import BadRequest
from service.core.fields import DivisionPrefix
from service.imports.uploads.states import Declared

ENDINGS = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/x-ndjson": ".ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


Source = Annotated[
    str,
    Query(
        max_length=80,
        description="What the rows come from; the program's name if empty.",
        examples=["竣工备案"],
    ),
]


@dataclass(frozen=True, slots=True)
class SentList:
    """A list as it was sent, with the file ending of its media type."""

    body: bytes
    ending: str
    division: str
    declared: Declared
    dry_run: bool


async def read_list(
    request: Request,
    *,
    division: DivisionPrefix = "",
    source: Source = "",
    crs: Annotated[
        CoordinateSystem,
        Query(description="Coordinate system of the points.", examples=["4490"]),
    ] = CoordinateSystem.CGCS2000,
    columns: Annotated[
        str,
        Query(
            max_length=1000,
            description="What columns hold that are not understood: HEADING=FIELD, by commas.",
            examples=["门牌地址=text"],
        ),
    ] = "",
    dry_run: Annotated[
        bool, Query(description="Check alone, and store nothing.", examples=[False])
    ] = False,
) -> SentList:
    """The body, whose size the border limits, and what the query declares about it.

    Raises:
        BadRequest: its media type is not supported, or it is empty.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    ending = ENDINGS.get(media_type)
    if ending is None:
        raise BadRequest(
            f"lists of type {media_type!r} are not supported",
            hint=f"send one of {', '.join(ENDINGS)} as Content-Type",
        )
    body = await request.body()
    if not body:
        raise BadRequest("the list is empty", hint="send the file as the body")
    pairs = [one.partition("=") for one in columns.split(",") if one.strip()]
    named = {heading.strip(): name.strip() for heading, _, name in pairs}
    declared = Declared(columns=named, system=crs, source=source.strip())
    return SentList(body, ending, division, declared, dry_run)


ListBody = Annotated[SentList, Depends(read_list)]
