"""The change feed over the API, for programs that follow the register."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.changes import queries
from service.changes.schemas import ChangeList, ChangeOut
from service.core.fields import DivisionPrefix, page_size
from service.core.paging import link_next
from service.core.problems import raises
from service.core.web import StandbySession, reads_of

router = APIRouter(prefix="/changes", tags=["changes"])


@router.get("", operation_id="listChanges", responses=raises(queries.ChangesForgotten))
def list_changes(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.CHANGES_READ)],
    after: Annotated[
        int,
        Query(
            ge=0,
            lt=2**63,
            description="Changes after this position: `next` of the previous page.",
            examples=[0],
        ),
    ] = 0,
    division: DivisionPrefix = "",
    limit: Annotated[int, page_size(1000)] = 1000,
) -> ChangeList:
    """The changes after a position in the divisions granted, in commit order.

    410 if they are no longer kept.
    """
    scopes = program.divisions(Permission.CHANGES_READ, within=division)
    with reads_of(request).on_primary(session) as feed:  # a standby may lag behind the caller
        last = queries.get_last_position(feed)
        rows = queries.list_changes(feed, after=after, scopes=scopes, limit=limit)
    reached = rows[-1].position if rows else after
    note_rows(request.scope, len(rows))
    is_full = len(rows) == limit
    link_next(request, response, after=reached if is_full else None)
    return ChangeList(
        changes=[ChangeOut.model_validate(row._asdict()) for row in rows],
        next=reached if is_full else max(last, reached),
    )
