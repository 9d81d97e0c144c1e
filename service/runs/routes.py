"""The progress of runs over the API."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.auth.guards import CurrentCaller
from service.core.fields import Number
from service.core.problems import raises
from service.core.web import ReadSession, TaggedRoute
from service.runs import policies, queries
from service.runs.schemas import RunOut

router = APIRouter(prefix="/runs", tags=["runs"], route_class=TaggedRoute)


@router.get("/{run_id}", operation_id="getRun", responses=raises(queries.RunNotFound))
def get_run(
    session: ReadSession,
    caller: CurrentCaller,
    run_id: Annotated[Number, Path(description="The number of the run.")],
) -> RunOut:
    """One run: its state, its progress, and why it stopped.

    A program sees the runs it started; a member of staff also sees those of their divisions.
    """
    run = queries.get_run(session, run_id)
    if not policies.may_see(run, caller):
        raise queries.RunNotFound(f"no run has the number {run_id}")
    return RunOut.of(run)
