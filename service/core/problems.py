"""Errors over HTTP: problem documents (RFC 9457) for programs, pages for people."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from service.core.admission import RETRY_AFTER_S
from service.core.asgi import Receive, Scope, Send
from service.core.database import LARGEST_NUMBER
from service.core.disk_room import FULL
from service.core.errors import (
    DatabaseUnreachable,
    FilesFull,
    FilesUnavailable,
    MenpaiError,
    NotFound,
    Outdated,
    TooOften,
    UnstorableValue,
    status_of,
)
from service.core.html import prefers_json
from service.core.problem_types import MEDIA_TYPE, PROBLEM_TYPES, ProblemType, type_of_status

Page = Callable[[Request, int], Response]
logger = structlog.get_logger()


_OUTAGES = (DatabaseUnreachable, FilesUnavailable)


def problem_of(error: MenpaiError) -> JSONResponse:
    """The problem document of an error, with its headers."""
    note_outage(error)
    kind, detail, hint = error.kind(), error.detail, error.http_hint
    if isinstance(error, _OUTAGES):  # the detail is logged, and not for callers
        detail, hint = kind.title, kind.remedy
    more: dict[str, object] = {}
    if isinstance(error, Outdated):  # who changed the record is shown to staff only
        more = {
            "seen": error.seen,
            "version": error.record.version,
            "standing": dict(error.record.facts),
            "changed_at": error.changed_at.isoformat() if error.changed_at else None,
        }
    response = _write(kind, status_of(error), detail, hint, more)
    response.headers.update(headers_of(error))
    return response


def raises(*errors: type[MenpaiError]) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route in the OpenAPI document: what it may raise, by status.

    ``service.api`` adds what every route may raise because of its guard or limits.
    """
    titles: dict[int | str, list[str]] = {}
    for error in errors:
        kind = error.kind()
        titles.setdefault(int(kind.status), []).append(f"`{kind.path}`: {kind.title}")
    return {
        status: {"description": " ".join(lines), "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        for status, lines in titles.items()
    }


_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def headers_of(error: MenpaiError) -> dict[str, str]:
    """The headers of a response with this error, in either format."""
    status = status_of(error)
    if isinstance(error, Outdated):
        return {"ETag": f'"{error.record.version}"'}
    if isinstance(error, TooOften):
        quota = error.quota.headers if error.quota else {}
        return {"Retry-After": str(error.retry_after)} | quota
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(getattr(error, "retry_after", RETRY_AFTER_S))}
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="menpai"'}
    return {}


def _write(
    kind: ProblemType, status: int, detail: str, hint: str, more: Mapping[str, object]
) -> JSONResponse:
    body = {
        "type": kind.path,
        "title": kind.title,
        "status": int(status),
        "detail": detail,
        "hint": hint,
    }
    return JSONResponse(body | dict(more), status_code=int(status), media_type=MEDIA_TYPE)


def problem_of_status(status: HTTPStatus, detail: str) -> JSONResponse:
    """The problem document of a status, for refusals before a request is parsed."""
    is_no_http = status == HTTPStatus.BAD_REQUEST
    kind = PROBLEM_TYPES["not-http"] if is_no_http else type_of_status(status)
    return _write(kind, status, detail, kind.remedy, {})


def note_outage(error: MenpaiError) -> None:
    """Log an outage of the database or file store, whose detail callers do not see."""
    if isinstance(error, _OUTAGES):
        logger.warning(error.kind().name.replace("-", "_"), detail=error.detail)


async def refuse(
    app: FastAPI, error: MenpaiError, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer an error raised outside the routes as ``app`` answers it inside."""
    handler = app.exception_handlers[MenpaiError]
    scope["app"] = app
    response = cast("Response", handler(Request(scope), error))
    await response(scope, receive, send)


def _names_nothing(part: str) -> bool:
    """Whether a path parameter cannot name a record: it contains a NUL, or is too large."""
    is_number = part.isascii() and part.isdigit()
    return "\0" in part or (is_number and int(part[:20]) > LARGEST_NUMBER)


def _is_program(request: Request) -> bool:
    """Whether the caller wants a problem document rather than a page."""
    accept = request.headers.get("accept", "")
    return request.scope["path"].startswith(("/api/", "/oauth/")) or prefers_json(accept)


def install(app: FastAPI, page: Page) -> None:
    """Answer every error in the format the caller accepts; ``page`` renders it for people."""

    def framework(request: Request, kind: ProblemType, status: int, **more: object) -> Response:
        """Answer an error that is not one of ours."""
        if _is_program(request):
            return _write(kind, status, kind.title, kind.remedy, more)
        return page(request, status)

    @app.exception_handler(MenpaiError)
    def menpai(request: Request, error: MenpaiError) -> Response:
        if isinstance(error, UnstorableValue):
            logger.warning("unstorable", route=getattr(request.scope.get("route"), "path", "?"))
            if any(map(_names_nothing, request.path_params.values())):
                error = NotFound("no record has this number or name")
        if _is_program(request):
            return problem_of(error)
        note_outage(error)
        response = page(request, status_of(error))
        response.headers.update(headers_of(error))
        return response

    @app.exception_handler(OSError)
    def system(request: Request, error: OSError) -> Response:
        if error.errno in FULL:
            return menpai(request, FilesFull(f"nothing can be written: {error.strerror}"))
        raise error

    _install_framework_errors(app, menpai, framework)


def _install_framework_errors(
    app: FastAPI,
    menpai: Callable[[Request, MenpaiError], Response],
    framework: Callable[..., Response],
) -> None:
    """Answer errors of the framework, and unhandled ones."""

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        if any(item["loc"][0] == "path" for item in error.errors()):
            return menpai(request, NotFound("no record has this number or name"))
        faults = []
        for item in error.errors():
            where, *names = item["loc"]
            row = next((part + 1 for part in names if isinstance(part, int)), None)
            fault = {"in": where, "name": ".".join(map(str, names))}
            faults.append(fault | ({"row": row} if row else {}) | {"detail": item["msg"]})
        return framework(request, PROBLEM_TYPES["malformed-request"], 422, errors=faults)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        response = framework(request, type_of_status(error.status_code), error.status_code)
        response.headers.update(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            methods: set[str] = set()
            for context in iter_route_contexts(app.routes):
                taken = getattr(context.original_route, "methods", None)
                if taken and compile_path(str(context.path))[0].match(request.scope["path"]):
                    methods |= taken | ({"HEAD"} if "GET" in taken else set())
            response.headers["Allow"] = ", ".join(sorted(methods))
        return response

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _: Exception) -> Response:
        """``ErrorBoundary`` logs it."""
        return framework(request, PROBLEM_TYPES["internal-error"], 500)
