"""Runs over the API: their progress, their files, and an end to them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse

from service.auth.callers import Caller
from service.auth.guards import CurrentCaller
from service.core import html
from service.core.database import Session
from service.core.errors import Conflict, FilesUnavailable, Gone, StoredFileNotFound
from service.core.fields import Number
from service.core.files import open_files
from service.core.problems import raises
from service.core.web import ReadSession, TaggedRoute, database_of, settings_of
from service.runs import policies, queries
from service.runs.commands import cancel_run
from service.runs.results import MEDIA_TYPES, RunUnfinished, get_file
from service.runs.schemas import RunOut

router = APIRouter(prefix="/runs", tags=["runs"], route_class=TaggedRoute)
RunNumber = Annotated[Number, Path(description="The number of the run.")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
    }
}


@router.get("/{run_id}", operation_id="getRun", responses=raises(queries.RunNotFound))
def get_run(session: ReadSession, caller: CurrentCaller, run_id: RunNumber) -> RunOut:
    """One run: its state, its progress, and why it stopped.

    A program sees the runs it started; a member of staff also sees those of their divisions.
    """
    return RunOut.of(_see(session, caller, run_id))


@router.get(
    "/{run_id}/{part}",
    operation_id="getRunFile",
    response_class=StreamingResponse,
    responses=_FILE
    | raises(
        *(queries.RunNotFound, StoredFileNotFound, RunUnfinished, Gone, FilesUnavailable),
    ),
)
def get_run_file(
    request: Request,
    session: ReadSession,
    caller: CurrentCaller,
    run_id: RunNumber,
    part: Annotated[
        Literal["result", "rejects"],
        Path(description="result, or rejects: the refused rows.", examples=["result"]),
    ],
) -> StreamingResponse:
    """The result of a finished run, or the rows it refused; for whoever started it alone.

    It is deleted some days after the run has ended; then the answer is 410.
    """
    run = _see(session, caller, run_id)
    if run.actor != str(caller.actor):
        raise queries.RunNotFound(f"no run has the number {run_id}")
    file = get_file(run, part)
    parts = open_files(settings_of(request)).stream(file.path)
    headers = html.PRIVATE | {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(parts, media_type=file.media_type, headers=headers)


@router.delete(
    "/{run_id}", operation_id="cancelRun", responses=raises(queries.RunNotFound, Conflict)
)
def cancel(request: Request, caller: CurrentCaller, run_id: RunNumber) -> RunOut:
    """Cancel a run that the caller started; what it has stored in the register stays."""
    with database_of(request).session() as session:
        run = _see(session, caller, run_id)
        if run.actor != str(caller.actor):
            raise queries.RunNotFound(f"no run has the number {run_id}")
        return RunOut.of(cancel_run(session, run_id, caller.actor))


def _see(session: Session, caller: Caller, run_id: int) -> queries.RunRow:
    """A run that the caller may see; any other is reported as not found."""
    run = queries.get_run(session, run_id)
    if not policies.may_see(run, caller):
        raise queries.RunNotFound(f"no run has the number {run_id}")
    return run
