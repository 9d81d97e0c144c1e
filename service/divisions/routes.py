"""Divisions over the API; open to all."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.core.web import ReadSession, TaggedRoute
from service.divisions import queries
from service.divisions.register import LEVEL_NAMES
from service.divisions.schemas import DivisionDetail, DivisionList, DivisionOut

router = APIRouter(prefix="/divisions", tags=["divisions"], route_class=TaggedRoute)
_LEVEL_NUMBERS = {name: number for number, name in LEVEL_NAMES.items()}


@router.get("", operation_id="listDivisions")
def list_divisions(
    *,
    session: ReadSession,
    name: Annotated[str, Query(max_length=40, description="beginning of the name")] = "",
    parent: Annotated[str, Query(pattern=r"^(\d{2,12})?$", description="parent's code")] = "",
    level: Annotated[str, Query(pattern="^(|province|city|county|township|community)$")] = "",
    code_system: Annotated[str, Query(pattern="^(nbs|mca)$")] = "nbs",
    cursor: Annotated[str, Query(max_length=12)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DivisionList:
    """Find divisions by name, by parent or by level, in order of code."""
    rows = queries.list_divisions(
        session,
        name=name,
        parent=parent,
        level=_LEVEL_NUMBERS.get(level),
        code_system=code_system,
        after=cursor,
        limit=limit,
    )
    following = rows[-1].code if len(rows) == limit else None
    return DivisionList(divisions=[DivisionOut.of(row) for row in rows], next=following)


@router.get("/{code}", operation_id="getDivision")
def get_division(
    *,
    session: ReadSession,
    code: str,
    code_system: Annotated[str, Query(pattern="^(nbs|mca)$")] = "nbs",
) -> DivisionDetail:
    """One division with what lies above and directly below it."""
    row = queries.get_division(session, code, code_system)
    children = queries.list_divisions(session, parent=row.code, code_system=code_system, limit=1000)
    return DivisionDetail(
        **DivisionOut.of(row).model_dump(),
        ancestors=[DivisionOut.of(item) for item in queries.list_ancestors(session, row)],
        children=[DivisionOut.of(item) for item in children],
    )
