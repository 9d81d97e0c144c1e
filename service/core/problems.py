"""Errors at the HTTP border: problem documents (RFC 9457) for programs, pages for people."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from service.core.admission import RETRY_AFTER_S
from service.core.asgi import Receive, Scope, Send
from service.core.database import LARGEST_NUMBER
from service.core.errors import (
    DatabaseUnreachable,
    MenpaiError,
    NotFound,
    Outdated,
    ServerBusy,
    TooOften,
    UnstorableValue,
    status_of,
)
from service.core.html import prefers_json

MEDIA_TYPE = "application/problem+json"
Page = Callable[[Request, int], Response]
logger = structlog.get_logger()


def problem(
    status: int, title: str, detail: str = "", mend: str = "", **more: object
) -> JSONResponse:
    """A problem document; ``mend`` says what the caller can do."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
    }
    if mend:
        body["mend"] = mend
    return JSONResponse(body | more, status_code=int(status), media_type=MEDIA_TYPE)


def told_outside(error: MenpaiError) -> tuple[str, str]:
    """Detail and mend of an error as whoever calls may know them.

    Where the database stands is no caller's business; it is logged.
    """
    if isinstance(error, DatabaseUnreachable):
        logger.warning("database_unreachable", detail=error.detail)
        return "the database does not answer", f"ask again in {RETRY_AFTER_S} s"
    return error.detail, error.mend


def retry_headers(error: MenpaiError) -> dict[str, str]:
    """When to come again, of an error that will pass (RFC 9110 section 10.2.3)."""
    if isinstance(error, TooOften | ServerBusy):
        return {"Retry-After": str(error.retry_after)}
    if status_of(error) == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


async def refuse(
    app: FastAPI, error: MenpaiError, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer an error outside the routes as ``app`` answers it inside of them."""
    handler = app.exception_handlers[MenpaiError]
    scope["app"] = app
    response = cast("Response", handler(Request(scope), error))
    await response(scope, receive, send)


def _names_nothing(part: str) -> bool:
    """Whether a part of a path can name no record: it holds a NUL, or is too long a number."""
    is_number = part.isascii() and part.isdigit()
    return "\0" in part or (is_number and int(part[:20]) > LARGEST_NUMBER)


def _versions_of(error: Outdated) -> dict[str, object]:
    """What a program needs to decide anew; who changed the record is for members of staff."""
    changed_at = error.changed_at.isoformat() if error.changed_at else None
    both = {"seen": error.seen, "version": error.record.version}
    return both | {"standing": dict(error.record.facts), "changed_at": changed_at}


def _headers_of(error: MenpaiError) -> dict[str, str]:
    if isinstance(error, Outdated):
        return {"ETag": f'"{error.record.version}"'}
    if retry := retry_headers(error):
        return retry
    if status_of(error) == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="menpai"'}
    return {}


def _malformed(_: Request, error: RequestValidationError) -> Response:
    faults = [
        {"pointer": "/" + "/".join(map(str, item["loc"])), "detail": item["msg"]}
        for item in error.errors()
    ]
    return problem(422, "The request is malformed.", "see errors", errors=faults)


def install(app: FastAPI, page: Page) -> None:
    """Answer every error in the form the caller asked for; ``page`` renders it for people."""

    def answer(
        request: Request, status: int, title: str, detail: str, mend: str, **more: object
    ) -> Response:
        accept = request.headers.get("accept", "")
        if request.scope["path"].startswith("/api/") or prefers_json(accept):
            return problem(status, title, detail, mend, **more)
        return page(request, status)

    @app.exception_handler(MenpaiError)
    def menpai(request: Request, error: MenpaiError) -> Response:
        both = _versions_of(error) if isinstance(error, Outdated) else {}
        status = status_of(error)
        detail, mend = told_outside(error)
        response = answer(request, status, error.title, detail, mend, **both)
        response.headers.update(_headers_of(error))
        return response

    @app.exception_handler(UnstorableValue)
    def unstorable(request: Request, error: UnstorableValue) -> Response:
        logger.warning("unstorable", route=getattr(request.scope.get("route"), "path", "?"))
        if any(map(_names_nothing, request.path_params.values())):
            return menpai(request, NotFound("no record has this number or name"))
        return menpai(request, error)

    app.exception_handler(RequestValidationError)(_malformed)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        title = HTTPStatus(error.status_code).phrase
        return answer(request, error.status_code, title, str(error.detail), "")

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _: Exception) -> Response:
        """The border notes it."""
        return answer(request, 500, "Something went wrong on our side.", "It was noted.", "")
