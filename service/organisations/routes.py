"""The units of the API, for departments."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.clock import today
from service.core.fields import DIVISION_PATTERN, page_size
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute, note_version
from service.organisations import queries
from service.organisations.queries import UnitNotFound
from service.organisations.schemas import UnitDetail, UnitList, UnitOut, UnitPost

router = APIRouter(prefix="/units", tags=["units"], route_class=TaggedRoute)
_MOST_BELOW = 1000


@router.get("", operation_id="listUnits")
def list_units(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.UNITS_READ)],
    division: Annotated[
        str,
        Query(
            pattern=DIVISION_PATTERN,
            description="Only units of this division and below: its code or the beginning of it.",
            examples=["330102"],
        ),
    ] = "",
    cursor: Annotated[
        str,
        Query(
            pattern=r"^(\d{12}U\d{10})?$",
            description="Only units after this one: `next` of the previous page.",
            examples=["330102000000U3301020001"],
        ),
    ] = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> UnitList:
    """The units that there are, by division, ordered by division and number."""
    found = queries.list_units(
        session,
        scopes=program.divisions(Permission.UNITS_READ, within=division),
        living_on=today(),
        after=cursor,
        limit=limit + 1,
    )
    rows, following = page_of(found, limit, lambda row: f"{row.division}{row.number}")
    link_next(request, response, cursor=following)
    note_rows(request.scope, len(rows))
    return UnitList(units=[UnitOut.of(row) for row in rows], next=following)


@router.get("/{number}", operation_id="getUnit", responses=raises(UnitNotFound))
def get_unit(
    request: Request,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.UNITS_READ)],
    number: Annotated[str, Path(description="The number of the unit.", examples=["U3301020001"])],
) -> UnitDetail:
    """One unit, also one that has ended, with its posts and the units directly below it."""
    unit, day = queries.get_unit(session, number), today()
    if not program.may(Permission.UNITS_READ, unit.division):
        raise UnitNotFound(
            f"no unit has the number {number!r}",
            hint="list the units of its division: GET /api/v1/units?division=…",
            zh=f"没有编号是 {number} 的单位。",
        )
    note_version(request, unit.version)
    note_rows(request.scope, 1)
    posts = [one for one in queries.list_posts(session, unit.id) if not one.is_over(day)]
    scopes = program.divisions(Permission.UNITS_READ)
    below = queries.list_units(
        session, scopes=scopes, parent=unit.number, living_on=day, limit=_MOST_BELOW
    )
    return UnitDetail(
        **UnitOut.of(unit).model_dump(),
        posts=[UnitPost.of(post, day) for post in posts],
        below=[UnitOut.of(one) for one in below],
    )
