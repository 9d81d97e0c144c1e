"""Reads the request body of a batch, up to its size limit."""

from typing import Annotated

from fastapi import Depends, Request

from service.core.errors import BadRequest
from service.matching.batches import MOST_BYTES, Batch, too_large

_ENDINGS = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/x-ndjson": ".ndjson",
    "application/ndjson": ".ndjson",
    "application/jsonl": ".ndjson",
    "application/json": ".json",
}


async def read_batch(request: Request) -> Batch:
    """Read the body of a batch.

    Raises:
        TooMuch: it exceeds the size limit.
        BadRequest: its media type is not supported.
    """
    media_type = request.headers.get("content-type", "application/json").split(";")[0].strip()
    ending = _ENDINGS.get(media_type.lower())
    if ending is None:
        raise BadRequest(
            f"batches of type {media_type!r} are not supported",
            hint=f"send one of {', '.join(_ENDINGS)} as Content-Type",
        )
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise too_large()
    return Batch(bytes(body), media_type, ending)


BatchBody = Annotated[Batch, Depends(read_batch)]
