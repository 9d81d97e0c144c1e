"""Texts of the OpenAPI document that no route supplies: tags, licence, statuses, headers."""

from typing import Any

SERVERS = [{"url": "/", "description": "This host."}]
LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
CONTACT = {"name": "The operator of this service, named at the foot of its pages"}

TAGS: list[dict[str, str]] = [
    {"name": "divisions", "description": "行政区划. Public."},
    {
        "name": "units",
        "description": "单位 of five levels and their posts, without names.",
    },
    {
        "name": "tokens",
        "description": "OAuth 2.0 client credentials (RFC 6749 §4.4), for programs that want them.",
    },
    {
        "name": "areas",
        "description": "责任区 (grid, community, police beat …): days, borders, no contacts.",
    },
    {"name": "addresses", "description": "标准地址, one by code or many. Requires an API key."},
    {"name": "plates", "description": "门牌 and their events. For API clients and staff."},
    {"name": "batches", "description": "批次 of plates. For signed-in staff."},
    {
        "name": "matching",
        "description": "Parsing and resolving texts, points and identifiers. Requires an API key.",
    },
    {"name": "runs", "description": "Progress of background runs. For API clients and staff."},
    {
        "name": "changes",
        "description": "The change feed, and snapshots to copy. Requires an API key.",
    },
    {
        "name": "webhooks",
        "description": "推送: changes sent to a URL of the calling program, signed and in order.",
    },
    {
        "name": "datasets",
        "description": "数据集 of departments on address codes. Requires an API key.",
    },
    {
        "name": "address requests",
        "description": "一件事: a resident shows a form the address of a plate. "
        "Requires an API key.",
    },
    {"name": "place names", "description": "地名. Public."},
    {"name": "heritage", "description": "地名文化遗产. Public."},
    {
        "name": "reconciliation",
        "description": "The Reconciliation Service API 0.2, for OpenRefine and others. Public.",
    },
]

STATUS_WORDS = {
    304: "Not modified: the ETag in `If-None-Match` is still current.",
    400: "`/problems/malformed-body`: The body cannot be read.",
    401: "`/problems/key-missing` or `/problems/sign-in-needed`: no valid credentials.",
    403: "`/problems/not-allowed` and similar: the caller lacks the permission.",
    404: "`/problems/not-found`: The path names no record.",
    408: "`/problems/body-too-slow`: The body did not arrive in time.",
    413: "`/problems/too-much`: The request exceeds a limit.",
    414: "`/problems/target-too-long`: path and query exceed 8 KB.",
    422: "`/problems/malformed-request`, `/problems/unknown-parameter` and similar: "
    "`errors` or `detail` names the field.",
    429: "`/problems/too-often`: too many requests; wait as `Retry-After` says.",
    431: "`/problems/head-too-long`: The headers exceed 24 KB.",
    503: "`/problems/server-busy`, `/problems/answer-overdue`, `/problems/database-unreachable`: "
    "wait as `Retry-After` says.",
}


def _header(description: str, example: str | int) -> dict[str, Any]:
    kind = "integer" if isinstance(example, int) else "string"
    return {"description": description, "schema": {"type": kind}, "example": example}


HEADERS = {
    "ETag": _header("The version, for If-None-Match and If-Match.", '"3.01ab"'),
    "Cache-Control": _header("How the response may be cached.", "private, no-cache"),
    "Link": _header(
        "The next page, where there is one (RFC 8288).",
        '</api/v1/divisions?cursor=330102000000>; rel="next"',
    ),
    "Deprecation": _header("Since when the call is announced to end (RFC 9745).", "@1798761600"),
    "Sunset": _header("When the call ends (RFC 8594).", "Sat, 01 Jan 2028 00:00:00 GMT"),
    "Retry-After": _header("Seconds to wait before retrying.", 5),
    "RateLimit": _header("Requests left in the window, and its remaining seconds.", '"x";r=0;t=9'),
    "RateLimit-Policy": _header("The quota and its window in seconds.", '"x";q=20;w=60'),
    "WWW-Authenticate": _header("How to authenticate.", 'Bearer realm="menpai"'),
}
