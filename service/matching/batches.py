"""Batch resolving over HTTP: JSON, CSV or NDJSON in, the same format out with appended columns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from pydantic import ValidationError

from service.core.database import Database
from service.core.errors import BadRequest, TooMuch
from service.core.pool import DEPARTMENTS
from service.matching.answers import answer_texts, database_here
from service.matching.resolve_options import ResolveOptions
from service.matching.schemas import ResolveBatchIn
from service.matching.sheets import resolve_objects, resolve_sheet_bytes

ON_THE_THREAD = 100
"""More texts than this are resolved in another process, so as not to block a thread."""

READ_HERE_BYTES = 64 << 10
"""A larger body is parsed where it is resolved: as objects it takes ten times the memory."""

MOST_ROWS = 10_000
"""More rows than this become a run."""

MOST_BYTES = 32 << 20
DEEPEST = 32
"""Maximum nesting of a body; deeper values cannot be serialised."""
_TABLE = {"schema": {"type": "string"}, "example": "编号,地址\n1,杭州市上城区河坊街88号\n"}
_LINES = {"schema": {"type": "string"}, "example": '{"id": 1, "地址": "杭州市上城区河坊街88号"}\n'}
_ROWS = {
    "type": "array",
    "description": "Rows of a table; one of their members holds the address.",
    "items": {"type": "object", "additionalProperties": True},
}
BATCH_ANSWERS: dict[str, Any] = {
    "text/csv": _TABLE,
    "text/tab-separated-values": _TABLE,
    "application/x-ndjson": _LINES,
}
"""The responses of the route that are not JSON, for OpenAPI."""

BATCH_OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": BATCH_ANSWERS
        | {
            "application/json": {
                "schema": {"anyOf": [ResolveBatchIn.model_json_schema(), _ROWS]},
                "example": {"texts": ["杭州市上城区河坊街88号"]},
            },
        },
    }
}
"""The request body of the route, for OpenAPI."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A request body with the file ending of its media type."""

    body: bytes
    media_type: str
    ending: str


def too_large() -> TooMuch:
    """The error for a batch that is too large, with a hint."""
    return TooMuch(
        f"the batch has over {MOST_BYTES >> 20} MB",
        hint="send it in parts, or resolve the whole file beside the register with "
        "`menpai resolve-file IN OUT --column NAME`",
        http_hint="send it in parts; the operator can resolve a whole file beside the register",
    )


def answer_batch(
    database: Database, batch: Batch, column: str, focus: ResolveOptions, caller: str
) -> bytes | None:
    """The batch with its resolutions, in its own format; None for more than 10,000 rows.

    At most one batch per ``caller`` is computed at a time.

    Raises:
        ServerBusy: the caller has a batch running, or others are waiting.
        BadRequest: the batch cannot be read, or lacks the column.
    """
    body = batch.body
    if batch.ending != ".json":
        sheet = partial(
            resolve_sheet_bytes, body=body, ending=batch.ending, column=column, focus=focus
        )
        # Rows are counted by line ends; a quoted line end counts as a row.
        lines = batch.body.count(b"\n") + (not batch.body.endswith(b"\n"))
        rows = lines if batch.ending == ".ndjson" else lines - 1
        return _compute(database, caller, rows, sheet)
    if len(body) <= READ_HERE_BYTES:
        wanted = read_json_batch(body)
        rows = len(wanted if isinstance(wanted, list) else wanted.texts)
    else:
        rows = MOST_ROWS
    work = partial(answer_json, body=body, column=column, focus=focus)
    return _compute(database, caller, rows, work)


def answer_json(
    database: Database, body: bytes, column: str, focus: ResolveOptions
) -> bytes | None:
    """Like ``answer_batch`` for JSON, in the calling process.

    Raises:
        BadRequest: as ``answer_batch``.
    """
    wanted = read_json_batch(body)
    if len(wanted if isinstance(wanted, list) else wanted.texts) > MOST_ROWS:
        return None
    rows = resolve_wanted(database, wanted, column, focus)
    return orjson.dumps(rows if isinstance(wanted, list) else {"results": rows})


def resolve_wanted(
    database: Database,
    wanted: ResolveBatchIn | list[dict[str, Any]],
    column: str,
    focus: ResolveOptions,
    only: range | None = None,
) -> list[dict[str, Any]]:
    """The rows of a JSON batch with their results, all of them or ``only`` these.

    Raises:
        BadRequest: the batch lacks the column.
    """
    chosen = slice(only.start, only.stop) if only else slice(None)
    if isinstance(wanted, list):
        return resolve_objects(database, wanted, column, focus, chosen)
    texts = wanted.texts[chosen]
    answers = zip(texts, answer_texts(database, texts, focus), strict=True)
    return [{"text": text, **answer.by_column} for text, answer in answers]


def _compute(
    database: Database, caller: str, rows: int, work: Callable[[Database], bytes | None]
) -> bytes | None:
    """Run the work here, or in another process if it would take too long."""
    if rows > MOST_ROWS:
        return None
    if rows <= ON_THE_THREAD:
        return work(database)
    return DEPARTMENTS.compute_for(caller, _in_process, database.url, work)


def _in_process(url: str, work: Callable[[Database], bytes | None]) -> bytes | None:
    return work(database_here(url))


def read_json_batch(body: bytes) -> ResolveBatchIn | list[dict[str, Any]]:
    """``{"texts": […]}``, or a list of objects one of whose fields holds the address."""
    try:
        value = orjson.loads(body)
        if is_deeper(value, DEEPEST):
            raise BadRequest(f"the body is nested over {DEEPEST} deep", hint="send flat rows")
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return value
        return ResolveBatchIn.model_validate(value)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}", hint="send UTF-8 JSON") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRequest(
            f"the body is not a batch: {place} {first['msg']}",
            hint='send {"texts": ["…"]}, or a list of objects with an address each',
        ) from error


def is_deeper(value: Any, most: int) -> bool:
    """Whether lists and objects are nested deeper than ``most``."""
    level, depth = [value], 0
    while level:
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        depth += 1
        if depth > most:
            return bool(level)
    return False
