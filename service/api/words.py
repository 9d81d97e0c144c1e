"""What the OpenAPI document says that no route says: tags, licence, statuses, headers."""

from typing import Any

SERVERS = [{"url": "/", "description": "This host."}]
LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
CONTACT = {"name": "The operator of this service, named at the foot of its pages"}

TAGS: list[dict[str, str]] = [
    {"name": "divisions", "description": "行政区划. Open to all."},
    {"name": "addresses", "description": "标准地址, one by code or many. For holders of a key."},
    {"name": "plates", "description": "门牌 and what happens to them. For programs and staff."},
    {"name": "batches", "description": "批次 of plates. For members of staff who are signed in."},
    {
        "name": "matching",
        "description": "Reading and resolving texts, points and identifiers. For holders of a key.",
    },
    {"name": "runs", "description": "Progress of bulk work. For programs and staff."},
    {"name": "changes", "description": "The feed of every change. For holders of a key."},
    {"name": "place names", "description": "地名. Open to all."},
    {"name": "heritage", "description": "地名文化遗产. Open to all."},
    {
        "name": "reconciliation",
        "description": "The Reconciliation Service API 0.2, for OpenRefine and the like. Open.",
    },
]

STATUS_WORDS = {
    304: "The caller has this answer already: the ETag in `If-None-Match` is still right.",
    400: "`/problems/malformed-body`: The body cannot be read.",
    401: "`/problems/key-missing` or `/problems/sign-in-needed`: nobody valid is named.",
    403: "`/problems/not-allowed` and its like: whoever asks may not do this here.",
    404: "`/problems/not-found`: The path names no record.",
    408: "`/problems/body-too-slow`: The body does not come in time.",
    413: "`/problems/too-much`: This is more than one request may ask for.",
    414: "`/problems/target-too-long`: path and query have over 8 KB.",
    422: "`/problems/malformed-request`, `/problems/unknown-parameter` and their like: "
    "`errors` or `detail` names the field.",
    429: "`/problems/too-often`: there were too many requests; wait as `Retry-After` says.",
    431: "`/problems/head-too-long`: The headers have over 24 KB.",
    503: "`/problems/server-busy`, `/problems/answer-overdue`, `/problems/database-unreachable`: "
    "wait as `Retry-After` says.",
}


def _header(description: str, example: str | int) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": description, "schema": {"type": kind}, "example": example}


HEADERS = {
    "ETag": _header("The version of what was read, for If-None-Match and If-Match.", '"3.01ab"'),
    "Cache-Control": _header("How the answer may be kept.", "private, no-cache"),
    "Link": _header(
        "The next page, where there is one (RFC 8288).",
        '</api/v1/divisions?cursor=330102000000>; rel="next"',
    ),
    "Retry-After": _header("Seconds to wait before asking again.", 5),
    "RateLimit": _header("What remains of the limit, and for how many seconds.", '"x";r=0;t=9'),
    "RateLimit-Policy": _header("The limit: its quota and its window in seconds.", '"x";q=20;w=60'),
    "WWW-Authenticate": _header("How to name oneself.", 'Bearer realm="menpai"'),
}
