"""The divisions of the API, open to everyone."""

from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from service.core.errors import DivisionNotFound
from service.core.fields import page_size
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute
from service.divisions import queries
from service.divisions.register import LEVEL_NAMES
from service.divisions.schemas import (
    CodeSystem,
    DivisionDetail,
    DivisionLevel,
    DivisionList,
    DivisionOut,
)

router = APIRouter(prefix="/divisions", tags=["divisions"], route_class=TaggedRoute)
System = Annotated[
    CodeSystem,
    Query(description="nbs 统计用区划代码, mca 民政部区划代码.", examples=["nbs"]),
]
Cursor = Annotated[
    str,
    Query(
        pattern=r"^(\d{12})?$",
        description="Only divisions after this code: `next` of the previous page.",
        examples=["330102000000"],
    ),
]
_LEVEL_NUMBERS: dict[str | None, int] = {name: number for number, name in LEVEL_NAMES.items()}


@router.get("", operation_id="listDivisions")
def list_divisions(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    name: Annotated[
        str, Query(max_length=40, description="The beginning of the name.", examples=["上城"])
    ] = "",
    parent: Annotated[
        str,
        Query(
            pattern=r"^(\d{2,12})?$",
            description="Only direct children of this division.",
            examples=["330100000000"],
        ),
    ] = "",
    level: Annotated[
        DivisionLevel | None,
        Query(description="Only divisions of this level.", examples=["county"]),
    ] = None,
    code_system: System = "nbs",
    cursor: Cursor = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> DivisionList:
    """Find divisions by name, parent or level, ordered by code."""
    found = queries.list_divisions(
        session,
        name=name,
        parent=parent,
        level=_LEVEL_NUMBERS.get(level),
        code_system=code_system,
        after=cursor,
        limit=limit + 1,
    )
    rows, following = page_of(found, limit, attrgetter("code"))
    link_next(request, response, cursor=following)
    return DivisionList(divisions=[DivisionOut.of(row) for row in rows], next=following)


@router.get("/{code}", operation_id="getDivision", responses=raises(DivisionNotFound))
def get_division(
    *,
    session: StandbySession,
    code: Annotated[
        str, Path(description="The code of the division, 2 to 12 digits.", examples=["330102"])
    ],
    code_system: System = "nbs",
) -> DivisionDetail:
    """Get a division with its ancestors and children."""
    row = queries.get_division(session, code, code_system)
    children = queries.list_divisions(session, parent=row.code, code_system=code_system, limit=1000)
    return DivisionDetail(
        **DivisionOut.of(row).model_dump(),
        ancestors=[DivisionOut.of(item) for item in queries.list_ancestors(session, row)],
        children=[DivisionOut.of(item) for item in children],
    )
