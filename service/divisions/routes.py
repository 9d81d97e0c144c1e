"""The divisions of the API, open to everyone."""

from dataclasses import asdict
from datetime import date
from operator import attrgetter
from typing import Annotated, Literal

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
    DivisionChangeOut,
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
Parent = Annotated[
    str,
    Query(
        pattern=r"^(\d{2,12})?$",
        description="Only direct children of this division.",
        examples=["330100000000"],
    ),
]
Day = Annotated[
    date | None,
    Query(
        description="Only divisions that stood at the end of this day, as far as days are "
        "known, under their present names; `changes` of one division has the former names.",
        examples=["2026-01-31"],
    ),
]
Ended = Annotated[
    Literal["", "ended"],
    Query(description="ended: also those that have ended.", examples=["ended"]),
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
    parent: Parent = "",
    level: Annotated[
        DivisionLevel | None,
        Query(description="Only divisions of this level.", examples=["county"]),
    ] = None,
    code_system: System = "nbs",
    at: Day = None,
    include: Ended = "",
    cursor: Cursor = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> DivisionList:
    """Find divisions by name, parent or level, ordered by code.

    A division that has ended names its successors.
    """
    found = queries.list_divisions(
        session,
        name=name,
        parent=parent,
        level=_LEVEL_NUMBERS.get(level),
        code_system=code_system,
        after=cursor,
        limit=limit + 1,
        at=at,
        with_ended=include == "ended",
    )
    rows, following = page_of(found, limit, attrgetter("code"))
    link_next(request, response, cursor=following)
    heirs = queries.find_successors(session, [row.code for row in rows if row.valid_to])
    shown = [DivisionOut.of(row, heirs.get(row.code, ())) for row in rows]
    return DivisionList(divisions=shown, next=following)


@router.get("/{code}", operation_id="getDivision", responses=raises(DivisionNotFound))
def get_division(
    *,
    session: StandbySession,
    code: Annotated[
        str, Path(description="The code of the division, 2 to 12 digits.", examples=["330102"])
    ],
    code_system: System = "nbs",
) -> DivisionDetail:
    """Get a division with its ancestors, children and changes; also one that has ended."""
    row = queries.get_division(session, code, code_system)
    heirs = queries.find_successors(session, [row.code] if row.valid_to else [])
    children = queries.list_divisions(session, parent=row.code, code_system=code_system, limit=1000)
    return DivisionDetail(
        **DivisionOut.of(row, heirs.get(row.code, ())).model_dump(),
        ancestors=[DivisionOut.of(item) for item in queries.list_ancestors(session, row)],
        children=[DivisionOut.of(item) for item in children],
        changes=[
            DivisionChangeOut(**asdict(one)) for one in queries.list_changes(session, [row.code])
        ],
    )
