"""A batch over HTTP: JSON, CSV or NDJSON in, the same out with the answers behind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from service.core.database import Database
from service.core.errors import BadRequest, TooMuch
from service.core.pool import DEPARTMENTS
from service.matching.answers import answer_texts, database_here
from service.matching.focus import Focus
from service.matching.schemas import BatchIn
from service.matching.sheets import resolve_objects, resolve_sheet_bytes

ON_THE_THREAD = 100
"""More texts than this are resolved in another process: a thread may wait, never compute."""

MOST_ROWS = 10_000
MOST_BYTES = 16 << 20
T = TypeVar("T")
_TABLE = {"schema": {"type": "string"}, "example": "编号,地址\n1,杭州市上城区河坊街88号\n"}
BATCH_OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": BatchIn.model_json_schema(),
                "example": {"texts": ["杭州市上城区河坊街88号"]},
            },
            "text/csv": _TABLE,
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"id": 1, "地址": "杭州市上城区河坊街88号"}\n',
            },
        },
    }
}
"""What the route reads, for the API's description."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The body of a request and the ending that its media type means."""

    body: bytes
    media_type: str
    ending: str


def too_large(what: str) -> TooMuch:
    """The refusal of a batch that is too large, and what to do instead."""
    return TooMuch(
        f"the batch has {what}; one request takes {MOST_ROWS:,} rows",
        mend=f"send it in parts of {MOST_ROWS:,} rows, or resolve the whole file beside the "
        "register with `menpai resolve-file IN OUT --column NAME`",
    )


def answer_batch(database: Database, batch: Batch, column: str, focus: Focus, caller: str) -> bytes:
    """The batch with its answers, in its own format.

    Of a ``caller`` one batch is computed at a time.

    Raises:
        TooMuch: it has more than 10,000 rows.
        ServerBusy: the caller has one in hand already, or others wait for theirs.
        BadRequest: it cannot be read, or has no such column.
    """
    if batch.ending != ".json":
        rows = _count_rows(batch)
        work = partial(
            resolve_sheet_bytes, body=batch.body, ending=batch.ending, column=column, focus=focus
        )
        return _compute(database, caller, rows, work)
    wanted = _read_json(batch.body)
    if isinstance(wanted, list):
        objects = partial(resolve_objects, rows=wanted, column=column, focus=focus)
        return orjson.dumps(_compute(database, caller, len(wanted), objects))
    texts = wanted.texts
    answers = _compute(
        database, caller, len(texts), partial(answer_texts, texts=texts, focus=focus)
    )
    rows_out = zip(texts, answers, strict=True)
    return orjson.dumps({"results": [{"text": text, **a.by_column} for text, a in rows_out]})


def _count_rows(batch: Batch) -> int:
    """The rows of a sheet by its line ends; a quoted line end counts as one row more."""
    lines = batch.body.count(b"\n") + (not batch.body.endswith(b"\n"))
    return lines if batch.ending == ".ndjson" else lines - 1


def _compute(database: Database, caller: str, rows: int, work: Callable[[Database], T]) -> T:
    """Do it here, or in another process when it would take a thread too long."""
    if rows > MOST_ROWS:
        raise too_large(f"{rows:,} rows")
    if rows <= ON_THE_THREAD:
        return work(database)
    return DEPARTMENTS.compute_for(caller, _in_process, database.url, work)


def _in_process(url: str, work: Callable[[Database], T]) -> T:
    return work(database_here(url))


def _read_json(body: bytes) -> BatchIn | list[dict[str, Any]]:
    """``{"texts": […]}``, or a list of objects one of whose fields holds the address."""
    try:
        value = orjson.loads(body)
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return value
        return BatchIn.model_validate(value)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body is no JSON: {error}", mend="send UTF-8 JSON") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRequest(
            f"the body is no batch: {place} {first['msg']}",
            mend='send {"texts": ["…"]}, or a list of objects with an address each',
        ) from error
