"""Reads the body of a push."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from service.core.errors import BadRequest

_ENDINGS = {
    "text/csv": ".csv",
    "application/x-ndjson": ".ndjson",
    "application/ndjson": ".ndjson",
    "application/jsonl": ".ndjson",
}
PUSH_OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "code,built_in,floors\n3301029032882641,1998,6\n",
            },
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"code": "3301029032882641", "built_in": 1998, "floors": 6}\n',
            },
        },
    }
}
"""The request body of the route, for OpenAPI."""


@dataclass(frozen=True, slots=True)
class PushBody:
    """The bytes of a push, with the file ending of its media type."""

    content: bytes
    ending: str


async def read_push(request: Request) -> PushBody:
    """The body; its size was limited at the border.

    Raises:
        BadRequest: its media type is not supported.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in _ENDINGS:
        raise BadRequest(
            f"rows of type {media_type!r} are not supported",
            hint=f"send one of {', '.join(_ENDINGS)} as Content-Type",
        )
    return PushBody(await request.body(), _ENDINGS[media_type])


SentRows = Annotated[PushBody, Depends(read_push)]
