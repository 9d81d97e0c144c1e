"""The API of batches, for staff."""

from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.status import HTTP_201_CREATED

from address_model.lifecycle import BatchStatus
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.batches.answer import stream_file
from service.batches.commands.batches import choose_batch
from service.batches.files import list_plate_files
from service.batches.queries.batches import BatchNotFound, list_batches, see_batch
from service.batches.queries.outdated_plates import find_outdated
from service.batches.schemas import (
    BatchFileOut,
    BatchIn,
    BatchOut,
    BatchProgressOut,
    ChosenOut,
)
from service.core.database import LARGEST_NUMBER
from service.core.errors import (
    Conflict,
    DeadHost,
    DivisionNotFound,
    FilesUnavailable,
    StoredFileNotFound,
    TooMuch,
)
from service.core.fields import Number, page_size
from service.core.files import open_files
from service.core.idempotency import KEY_ERRORS, CreatedAnswer, Key, answer_once
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import (
    ReadSession,
    TaggedRoute,
    WriteSession,
    database_of,
    note_version,
    settings_of,
)
from service.plates.payload_host import payload_host_of
from service.runs.queries import get_run

router = APIRouter(prefix="/batches", tags=["batches"], route_class=TaggedRoute)

Creating = Annotated[StaffMember, staff(Permission.BATCHES_CREATE)]
Reading = Annotated[StaffMember, staff(Permission.BATCHES_READ)]
Printing = Annotated[StaffMember, staff(Permission.BATCHES_PRINT)]
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/pdf", "application/zip", "text/csv", "application/json")
        },
    }
}
BatchNumber = Annotated[Number, Path(description="The number of the batch.")]


@router.post(
    "",
    operation_id="createBatch",
    status_code=HTTP_201_CREATED,
    response_model=ChosenOut,
    responses=raises(DivisionNotFound, Conflict, DeadHost, TooMuch, *KEY_ERRORS),
)
def create_batch(request: Request, body: BatchIn, member: Creating, key: Key) -> Response:
    """Create a batch of chosen addresses; sent again with the same key, it is the same batch."""
    settings = settings_of(request)
    order = body.to_request(payload_host_of(settings, for_trial=body.trial), settings.operator)
    with database_of(request).session() as session:

        def create() -> CreatedAnswer:
            chosen = choose_batch(session, order, member)
            return CreatedAnswer.of(ChosenOut.of(chosen.batch, chosen.refused))

        return answer_once(session, key, member.actor, create).response


@router.get("", operation_id="listBatches")
def list_of_batches(
    *,
    request: Request,
    response: Response,
    session: ReadSession,
    member: Reading,
    status: Annotated[
        BatchStatus | None, Query(description="Only batches in this state.", examples=["ready"])
    ] = None,
    before: Annotated[
        int,
        Query(
            ge=0,
            le=LARGEST_NUMBER,
            description="Only batches with a smaller number; 0: from the newest.",
            examples=[17],
        ),
    ] = 0,
    limit: Annotated[int, page_size(200)] = 50,
) -> list[BatchOut]:
    """Batches that this person may read, newest first."""
    scopes = member.scopes(Permission.BATCHES_READ)
    found = list_batches(
        session, scopes=scopes, status=status or "", before=before, limit=limit + 1
    )
    rows, following = page_of(found, limit, attrgetter("id"))
    link_next(request, response, before=following)
    return [BatchOut.of(row) for row in rows]


@router.get("/{batch_id}", operation_id="getBatch", responses=raises(BatchNotFound))
def get_one_batch(
    request: Request, session: ReadSession, member: Reading, batch_id: BatchNumber
) -> BatchProgressOut:
    """One batch: its state, the progress of its run, and why it is blocked."""
    batch = see_batch(session, batch_id, member, Permission.BATCHES_READ)
    run = get_run(session, batch.run_id) if batch.run_id else None
    note_version(request, batch.version)
    outdated = find_outdated(session, [batch_id]).get(batch_id, [])
    return BatchProgressOut.of_run(batch, run, outdated)


@router.get("/{batch_id}/files", operation_id="listBatchFiles", responses=raises(BatchNotFound))
def list_of_files(
    session: ReadSession, member: Reading, batch_id: BatchNumber
) -> list[BatchFileOut]:
    """The files of plates of a finished batch; every QR code in them was read back."""
    batch = see_batch(session, batch_id, member, Permission.BATCHES_READ)
    return [BatchFileOut.of(file) for file in list_plate_files(session, batch)]


@router.get(
    "/{batch_id}/files/{name}",
    operation_id="getBatchFile",
    response_class=StreamingResponse,
    responses=FILE | raises(BatchNotFound, StoredFileNotFound, DeadHost, FilesUnavailable),
)
def take_one_file(
    request: Request,
    session: WriteSession,
    member: Printing,
    batch_id: BatchNumber,
    name: Annotated[
        str, Path(description="A name from the list of files.", examples=["proof.pdf"])
    ],
) -> StreamingResponse:
    """One file: a file of plates, `batch.zip`, `proof.pdf`, the manifest or verification report."""
    batch = see_batch(session, batch_id, member, Permission.BATCHES_PRINT)
    return stream_file(session, open_files(settings_of(request)), batch, name, member.actor)
