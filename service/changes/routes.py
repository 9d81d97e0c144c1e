"""The change feed over the API, for programs that follow the register."""

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from address_model.division_codes import division_prefix
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.changes.events import Subject
from service.changes.queries import ChangePage, ChangesForgotten, FeedReach, read_page
from service.changes.schemas import ChangeList, ChangeOut
from service.changes.signal import ChangeSignal
from service.core.database import release
from service.core.fields import DivisionPrefix, page_size
from service.core.paging import link_next
from service.core.problems import raises
from service.core.web import StandbySession, database_of

router = APIRouter(prefix="/changes", tags=["changes"])
LONGEST_WAIT_S = 30

_GATHER_S = 0.1
"""How long a waiting request lets further changes gather before it reads them."""


@dataclass(frozen=True, slots=True)
class ChangeQuery:
    """Which changes are asked for."""

    after: Annotated[
        int,
        Query(
            ge=0,
            lt=2**63,
            description="Changes after this position: `next` of the previous page.",
            examples=[0],
        ),
    ] = 0
    before: Annotated[
        int | None,
        Query(ge=1, lt=2**63, description="Only changes before this position.", examples=[5000]),
    ] = None
    since: Annotated[
        AwareDatetime | None,
        Query(
            description="Only changes of this moment and later.",
            examples=["2026-11-01T00:00:00+08:00"],
        ),
    ] = None
    until: Annotated[
        AwareDatetime | None,
        Query(
            description="Only changes before this moment.", examples=["2026-12-01T00:00:00+08:00"]
        ),
    ] = None
    division: DivisionPrefix = ""
    kind: Annotated[
        tuple[Subject, ...],
        Query(description="Only these kinds of records; may be repeated.", examples=[["address"]]),
    ] = ()
    wait: Annotated[
        int,
        Query(
            ge=0,
            le=LONGEST_WAIT_S,
            description="How many seconds to wait for a change if there is none yet.",
            examples=[0],
        ),
    ] = 0
    limit: Annotated[int, page_size(1000)] = 1000

    @property
    def waits(self) -> bool:
        """Whether changes that are yet to come may be among those asked for."""
        return self.wait > 0 and self.before is None and self.until is None


@router.get("", operation_id="listChanges", responses=raises(ChangesForgotten))
async def list_changes(
    request: Request,
    response: Response,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.CHANGES_READ)],
    asked: Annotated[ChangeQuery, Depends()],
) -> ChangeList:
    """The changes after a position in the divisions granted; 410 if they are no longer kept.

    With `division`, changes of records that lie there or have just left it. A grant to the door is
    told of nothing below it, and of `dataset_row` only with `datasets:read`. Send `next` as `after`
    to continue, also after an empty page; at the end it stays the same. With `wait`, the end is
    told only after so many seconds without a change.
    """
    release(session)  # nothing is held while the request waits
    reach, within = FeedReach.of(program), division_prefix(asked.division)
    database, signal = database_of(request), request.app.state.change_signal
    assert isinstance(signal, ChangeSignal)  # noqa: S101 - set by create_pages

    def read() -> ChangePage:
        with database.reading() as feed:  # on the primary: a standby may lag behind the caller
            page = read_page(
                feed,
                after=asked.after,
                before=asked.before,
                since=asked.since,
                until=asked.until,
                scopes=program.divisions(Permission.CHANGES_READ, within=asked.division),
                kinds=asked.kind,
                limit=asked.limit,
            )
            return replace(page, rows=reach.select(feed, page.rows, within))

    deadline = time.monotonic() + asked.wait
    page = await to_thread.run_sync(read, limiter=signal.readers)
    while page.is_idle and asked.waits and (left := deadline - time.monotonic()) > 0:
        await signal.wait(page.reached, left)
        await asyncio.sleep(_GATHER_S)
        page = await to_thread.run_sync(read, limiter=signal.readers)
    link_next(request, response, after=page.reached if page.is_full else None)
    note_rows(request.scope, len(page.rows))
    changes = [ChangeOut.model_validate(row._asdict()) for row in page.rows]
    return ChangeList(changes=changes, count=len(changes), next=page.reached)
