"""The OpenAPI document: FastAPI's, completed with what guards and limits add.

A route declares its own errors with ``raises``. Added here is what follows from its kind: the
statuses of its guard, its input and the limits in front of it, the headers, and the security.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from service.api.words import CONTACT, HEADERS, LICENCE, SERVERS, STATUS_WORDS, TAGS
from service.auth.guards import FORM_HEADER, GrantGuard, StaffGuard, require_caller
from service.auth.permissions import PROGRAM_PERMISSIONS
from service.auth.routes import PATH as TOKEN_PATH
from service.core.deprecation import Deprecated
from service.core.problem_types import FAULT_SCHEMA, MEDIA_TYPE, PROBLEM_SCHEMA
from service.core.web import TaggedRoute, dependencies_of
from service.heritage.schemas import VALUE_MEMBERS

Operation = dict[str, Any]

_KEYS: list[dict[str, list[str]]] = [{"HTTPBearer": []}, {"APIKeyHeader": []}]
_COOKIE: list[dict[str, list[str]]] = [{"Session": []}]
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "__Host-menpai",
    "description": "A staff session, opened by signing in at /admin/sign-in; "
    "without https the cookie is named menpai_session.",
}
_TOKENS = {
    "type": "oauth2",
    "description": "A token for fifteen minutes, by id and secret of an API key.",
    "flows": {
        "clientCredentials": {
            "tokenUrl": TOKEN_PATH,
            "scopes": {str(one): f"As granted: {one}." for one in sorted(PROGRAM_PERMISSIONS)},
        }
    },
}
_FORM_TOKEN = {
    "name": FORM_HEADER,
    "in": "header",
    "required": False,
    "description": "With a session: the form token, which every staff page contains.",
    "schema": {"type": "string", "examples": ["kJ8yV3sQxw5nLr0m"]},
}
_CURSORS = {"cursor", "after", "before"}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document of an application, generated once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=TAGS,
        servers=SERVERS,
        contact=CONTACT,
        license_info=LICENCE,
        separate_input_output_schemas=False,
    )
    contexts = iter_route_contexts(app.routes)
    found = (one.original_route for one in contexts)
    routes = {route.operation_id: route for route in found if isinstance(route, APIRoute)}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            _complete(operation, routes[operation["operationId"]], is_read=method == "get")
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for name, members in VALUE_MEMBERS.items():
        for member, (description, example) in members.items():
            schemas[name]["properties"][member] |= {
                "description": description,
                "examples": [example],
            }
    schemas |= {"Problem": PROBLEM_SCHEMA, "ProblemFault": FAULT_SCHEMA}
    document["components"]["securitySchemes"] |= {"Session": _SESSION, "OAuth2": _TOKENS}
    document["components"]["headers"] = HEADERS
    app.openapi_schema = document
    return document


def _complete(operation: Operation, route: APIRoute, *, is_read: bool) -> None:
    """Add to an operation the security, statuses and headers that follow from its route."""
    calls = [asked.call for asked in dependencies_of(route)]
    is_caller = require_caller in calls
    is_staff = any(isinstance(call, StaffGuard) for call in calls)
    scopes = [str(call.permission) for call in calls if isinstance(call, GrantGuard)]
    has_key = is_caller or bool(scopes)
    tokens = [{"OAuth2": scopes}] if has_key else []
    operation["security"] = _KEYS * has_key + tokens + _COOKIE * (is_caller or is_staff)
    if (is_caller or is_staff) and not is_read:
        operation.setdefault("parameters", []).append(_FORM_TOKEN)
    where = {parameter["in"] for parameter in operation.get("parameters", [])}
    statuses = [414, 422, 429, 431, 503]
    statuses += [401] if operation["security"] else []
    statuses += [403] if operation["security"] else []
    statuses += [404] if "path" in where else []
    statuses += [400, 408, 413] if "requestBody" in operation else []
    is_tagged = is_read and isinstance(route, TaggedRoute)
    is_ending = any(isinstance(call, Deprecated) for call in calls)
    answers = operation["responses"]
    if "422" in answers and MEDIA_TYPE not in answers["422"]["content"]:
        del answers["422"]  # FastAPI's own, not ours
    for status in statuses:
        answers.setdefault(str(status), {"description": STATUS_WORDS[status], "content": _PROBLEM})
    if is_tagged:
        answers["304"] = {"description": STATUS_WORDS[304]}
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    for status, answer in answers.items():
        is_page = status == "200" and is_read and bool(names & _CURSORS)
        shown = _headers_of(int(status), is_tagged=is_tagged, is_page=is_page)
        if is_ending:
            shown |= {name: _named(name) for name in ("Deprecation", "Sunset", "Link")}
        if shown:
            answer["headers"] = answer.get("headers", {}) | shown
    operation["responses"] = dict(sorted(answers.items()))


def _headers_of(status: int, *, is_tagged: bool, is_page: bool) -> dict[str, Any]:
    """The headers of a response with this status."""
    names = {
        401: ["WWW-Authenticate"],
        412: ["ETag"],
        429: ["Retry-After", "RateLimit", "RateLimit-Policy"],
        503: ["Retry-After"],
    }.get(status, [])
    names = names + (["ETag", "Cache-Control"] if is_tagged and status in (200, 304) else [])
    names += ["Link"] if is_page else []
    return {name: _named(name) for name in names}


def _named(header: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{header}"}
