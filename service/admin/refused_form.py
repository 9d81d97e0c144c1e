"""The answer to a form that was refused: its own page again, filled in, with what is wrong."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.admin.filled_form import fill_form, find_form
from service.core.errors import MenpaiError

_DROPPED = (b"content-type", b"content-length", b"if-none-match", b"transfer-encoding")
_ROUTED = ("endpoint", "route", "router", "path_params", "fastapi_inner_astack")
_MOST_PAGES = 3
_POLICY = b"content-security-policy"
_OF_PAGE = (b"content-length", _POLICY)
LOOK_BELOW = "没有办理，请改正标出的内容。"
MISSING = ("missing", "string_too_short")
"""Kinds of faults of a field that was left empty."""


class RefusedForm(Response):
    """Asks for the page of the form when it is sent, after the transaction has been rolled back."""

    def __init__(
        self,
        request: Request,
        sent: Mapping[str, Sequence[str]],
        plain: Response,
        fault: str,
        fields: Mapping[str, str],
    ) -> None:
        """``plain`` is the answer if no page has the form; ``fields``: kinds of faults by field."""
        super().__init__(status_code=plain.status_code)
        self._request, self._sent, self._plain = request, sent, plain
        self._fault, self._fields = fault, fields

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Send the page with the form, else the plain answer."""
        answer = self._plain
        for path in pages_of(self._request):
            page, policy = await self._ask(path)
            form = find_form(page, self._request.url.path, self._sent) if page else None
            if form:
                faults = {name: k for name, k in self._fields.items() if name in form.fields}
                for name in [name for name, kind in faults.items() if kind in MISSING]:
                    verb = "选择" if name in form.choices else "填写"
                    faults[name] = f"请{verb}{form.labels.get(name, '')}"
                is_said = all(text in self._fault for text in faults.values())
                head = LOOK_BELOW if faults and is_said else self._fault
                body = fill_form(page, form, self._sent, head, faults).encode()
                kept = [one for one in self._plain.raw_headers if one[0] not in _OF_PAGE]
                answer = Response(body, self._plain.status_code, media_type="text/html")
                length = (b"content-length", str(len(body)).encode())
                answer.raw_headers = [*kept, length, (_POLICY, policy)]
                break
        await answer(scope, receive, send)

    async def _ask(self, path: str) -> tuple[str, bytes]:
        """A page of ours as the same person gets it, with its policy; "" if there is none."""
        request = self._request
        parts = urlsplit(path)
        headers = [one for one in request.scope["headers"] if one[0] not in _DROPPED]
        scope = {name: value for name, value in request.scope.items() if name not in _ROUTED}
        scope |= {
            "method": "GET",
            "path": parts.path,
            "raw_path": quote(parts.path).encode(),
            "query_string": parts.query.encode(),
            "headers": headers,
            "state": {},
        }
        got: list[Any] = []

        async def keep(message: Any) -> None:
            got.append(message)

        async def nothing() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        with suppress(HTTPException, MenpaiError):  # nothing can be read there
            await request.app.router(scope, nothing, keep)
        told = dict(got[0].get("headers", ())) if got else {}
        is_page = told.get(b"content-type", b"").startswith(b"text/html")
        if not is_page or got[0].get("status") != HTTPStatus.OK:
            return "", b""
        body = b"".join(message.get("body", b"") for message in got[1:])
        return body.decode(), told.get(_POLICY, b"")


def pages_of(request: Request) -> list[str]:
    """Where the form may stand: the page it came from, its own path, the paths above."""
    found = []
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc == request.headers.get("host") and came.path.startswith(("/admin", "/crew")):
        found.append(f"{came.path}?{came.query}" if came.query else came.path)
    path = request.url.path
    while path.count("/") > 1 or path == "/crew":
        found.append(path)
        path = path.rpartition("/")[0]
        if not path:
            break
    return list(dict.fromkeys(found))[:_MOST_PAGES]


def sent_values(form: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    """What was typed and chosen, by field; files are left out."""
    values: dict[str, list[str]] = {}
    for name, value in form:
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
    return values
