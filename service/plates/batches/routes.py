"""Batches of plates over the API; for members of staff."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette.status import HTTP_201_CREATED

from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.files import open_files
from service.core.web import (
    ReadSession,
    TaggedRoute,
    WriteSession,
    database_of,
    note_version,
    settings_of,
)
from service.plates.batches.answer import stream_file
from service.plates.batches.schemas import (
    BatchFileOut,
    BatchIn,
    BatchOut,
    BatchProgressOut,
    ChosenOut,
)
from service.plates.commands.batches import choose_batch
from service.plates.files import list_plate_files
from service.plates.payload_host import payload_host_of
from service.plates.queries.batches import list_batches, see_batch
from service.runs.queries import get_run

router = APIRouter(prefix="/batches", tags=["batches"], route_class=TaggedRoute)

Creating = Annotated[StaffMember, staff(Permission.BATCHES_CREATE)]
Reading = Annotated[StaffMember, staff(Permission.BATCHES_READ)]
Printing = Annotated[StaffMember, staff(Permission.BATCHES_PRINT)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


@router.post("", operation_id="createBatch", status_code=HTTP_201_CREATED)
def create_batch(
    request: Request, body: BatchIn, member: Creating, idempotency_key: Key = None
) -> ChosenOut:
    """Choose the addresses of a new batch; sent again with the same key, it is the same batch."""
    settings = settings_of(request)
    wish = body.wish(payload_host_of(settings, for_trial=body.trial), settings.operator)
    with database_of(request).session() as session:
        chosen = choose_batch(session, wish, member, request_key=idempotency_key)
    return ChosenOut.of(chosen.batch, chosen.refused)


@router.get("", operation_id="listBatches")
def list_of_batches(
    session: ReadSession, member: Reading, status: str = "", before: int = 0, limit: int = 50
) -> list[BatchOut]:
    """Batches within this person's reach, newest first, before a number."""
    scopes = member.scopes(Permission.BATCHES_READ)
    rows = list_batches(
        session, scopes=scopes, status=status, before=before, limit=min(max(limit, 1), 200)
    )
    return [BatchOut.of(row) for row in rows]


@router.get("/{batch_id}", operation_id="getBatch")
def get_one_batch(
    request: Request, session: ReadSession, member: Reading, batch_id: int
) -> BatchProgressOut:
    """One batch: its state, how far its run is, and why it is blocked."""
    batch = see_batch(session, batch_id, member, Permission.BATCHES_READ)
    run = get_run(session, batch.run_id) if batch.run_id else None
    note_version(request, batch.version)
    return BatchProgressOut.of_run(batch, run)


@router.get("/{batch_id}/files", operation_id="listBatchFiles")
def list_of_files(session: ReadSession, member: Reading, batch_id: int) -> list[BatchFileOut]:
    """The files of plates of a batch that is ready, each proven symbol by symbol."""
    batch = see_batch(session, batch_id, member, Permission.BATCHES_READ)
    return [BatchFileOut.of(file) for file in list_plate_files(session, batch)]


@router.get("/{batch_id}/files/{name}", operation_id="getBatchFile")
def take_one_file(
    request: Request, session: WriteSession, member: Printing, batch_id: int, name: str
) -> StreamingResponse:
    """One file: of plates, `batch.zip`, `proof.pdf`, the manifest or the verification report."""
    batch = see_batch(session, batch_id, member, Permission.BATCHES_PRINT)
    return stream_file(session, open_files(settings_of(request)), batch, name, member.actor)
