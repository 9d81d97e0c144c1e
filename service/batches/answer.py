"""Streams a file of a batch, for the API and the pages; each download is audited."""

from fastapi.responses import StreamingResponse

from service.audit import commands as audit
from service.batches.files import find_file
from service.batches.queries.batches import BatchRow
from service.core import html
from service.core.actor import Actor
from service.core.database import Session
from service.core.files import FileStore
from service.plates.payload_host import require_public_host


def stream_file(
    session: Session, store: FileStore, batch: BatchRow, name: str, actor: Actor
) -> StreamingResponse:
    """Stream a file of a finished batch, and audit the download.

    Raises:
        StoredFileNotFound: the batch has no file of this name, or none yet.
        DeadHost: its QR codes cannot be opened by the public, and it is not a trial.
    """
    file = find_file(session, batch, name)
    require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
    parts = store.stream(file.path)
    audit.record(session, actor=actor, action="batches:download", subject=str(batch.id), file=name)
    headers = html.PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=file.media_type, headers=headers)
