"""The change feed over the API; for holders of a key."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.auth.guards import CurrentClient
from service.changes import queries
from service.changes.schemas import ChangeList, ChangeOut
from service.core.web import ReadSession

router = APIRouter(prefix="/changes", tags=["changes"])


@router.get("", operation_id="listChanges", responses={410: {"description": "Not kept any more."}})
def list_changes(
    *,
    session: ReadSession,
    client: CurrentClient,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    division: Annotated[str, Query(pattern=r"^(\d{2,12})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> ChangeList:
    """The changes behind a position, in commit order; 410 when they are not kept any more."""
    last = queries.get_last_position(session)
    rows = queries.list_changes(session, after=after, division=division, limit=limit)
    reached = rows[-1].position if rows else after
    return ChangeList(
        changes=[ChangeOut.model_validate(row._asdict()) for row in rows],
        next=reached if len(rows) == limit else max(last, reached),
    )
