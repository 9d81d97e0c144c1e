"""The problem types: the stable name, status and remedy of each.

Every error has a row in ``problem_types.csv``. Its type is ``/problems/NAME``, which is also the
path of a page: programs can branch on it and people can read it.
"""

import csv
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

PATH = "/problems"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One problem type; the remedies address callers over HTTP."""

    name: str
    status: HTTPStatus
    title: str
    title_zh: str
    remedy: str
    remedy_zh: str

    @property
    def path(self) -> str:
        """The member ``type`` of a problem document."""
        return f"{PATH}/{self.name}"


with Path(__file__).with_name("problem_types.csv").open(encoding="utf-8", newline="") as _file:
    _, *_rows = csv.reader(_file)

PROBLEM_TYPES = {
    name: ProblemType(name, HTTPStatus(int(status)), *texts) for name, status, *texts in _rows
}
"""Every type by its name."""

_BY_STATUS = {
    400: "malformed-body",
    404: "path-not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "body-too-slow",
    413: "too-much",
    414: "target-too-long",
    415: "unsupported-type",
    421: "misdirected-request",
    422: "malformed-request",
    429: "too-often",
    431: "head-too-long",
    503: "busy",
}


def type_of_status(status: int) -> ProblemType:
    """The type of a framework error, of which only the status is known."""
    fallback = "internal-error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad-request"
    return PROBLEM_TYPES[_BY_STATUS.get(status, fallback)]


def _text(description: str, example: object) -> dict[str, Any]:
    return {"type": "string", "description": description, "examples": [example]}


FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong with one field of a request.",
    "required": ["in", "name", "detail"],
    "properties": {
        "in": {
            "type": "string",
            "enum": ["path", "query", "header", "cookie", "body"],
            "description": "The part of the request that holds the field.",
            "examples": ["query"],
        },
        "name": _text("The field; inner ones behind a point. Empty: the whole part.", "near.lat"),
        "row": {
            "type": "integer",
            "description": "Where the body is a list: the row, counted from 1.",
            "examples": [3],
        },
        "detail": _text("What is wrong with it.", "Input should be a valid number"),
    },
}
"""The schema of a member of ``errors``."""

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457). Branch on `type`, show `title`, `detail` and `hint`.",
    "required": ["type", "title", "status", "detail", "hint"],
    "properties": {
        "type": _text(
            "The type: the path of a page that explains it. It never changes its meaning; the list "
            "at `/problems` may grow.",
            "/problems/address-not-found",
        )
        | {"format": "uri-reference"},
        "title": _text("The type in one sentence.", "There is no such address code."),
        "status": {
            "type": "integer",
            "minimum": 400,
            "maximum": 599,
            "description": "The status of the answer.",
            "examples": [404],
        },
        "detail": _text("What happened this time.", "no address has the code 3301061234567833"),
        "hint": _text("What the caller can do.", "compare the code with the plate, digit by digit"),
        "errors": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/ProblemFault"},
            "description": "For malformed requests: each field that is wrong.",
            "examples": [[{"in": "query", "name": "limit", "detail": "Input should be ≤ 1000"}]],
        },
        "seen": {
            "type": "integer",
            "description": "For outdated records: the version that was read.",
            "examples": [3],
        },
        "version": {
            "type": "integer",
            "description": "For outdated records: the current version.",
            "examples": [4],
        },
        "standing": {
            "type": "object",
            "additionalProperties": True,
            "description": "For outdated records: the current record.",
            "examples": [{"状态": "在用"}],
        },
        "changed_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "For outdated records: when it was changed, where that was noted.",
            "examples": ["2026-11-01T10:00:00Z"],
        },
    },
}
"""The one schema of every answer with a status of 400 and above."""
