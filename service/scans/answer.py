"""The scan endpoint ``/{TOKEN}``, as plain ASGI for low latency.

No dependency injection, no ORM, no validation: a path that parses as a token is looked up and its
page sent. The public page of an address code is rendered here too.
"""

import re
from functools import lru_cache
from typing import Protocol

import structlog
from fastapi import Request
from fastapi.responses import Response

from address_model.sensitivity import RESIDENT, Viewer, mask_record
from address_model.tokens import find_token
from service.core import html
from service.core.asgi import Scope, Send
from service.core.errors import (
    DatabaseUnreachable,
    MenpaiError,
    PlateNotFound,
    TooOften,
    status_of,
)
from service.core.problems import headers_of, problem_of
from service.core.quotas import quota_headers
from service.core.web import Gate
from service.scans.card import ScanCard, ScanOutcome
from service.scans.hot.page import Page, send_page
from service.scans.json_view import card_json
from service.scans.plate_page import card_headers, render_plate
from service.scans.reader import PLAIN, Reader, find_reader
from service.scans.site import Site
from service.scans.templates import render_error, render_unknown

LONGEST_PATH = 64
"""Longer paths are never tokens, in characters."""

NOT_FOUND = 404
_PATH = re.compile("/[0-9A-HJKMNP-TV-Z]{10}")
logger = structlog.get_logger()
_reader = lru_cache(maxsize=256)(find_reader)
_prefers_json = lru_cache(maxsize=256)(html.prefers_json)


class ScanSource(Protocol):
    """Supplies pages and cards to the endpoint."""

    @property
    def site(self) -> Site:
        """The operator of the service."""

    async def page(self, token: str, reader: Reader) -> Page | None:
        """The page of a plate, or None for an unknown token."""

    async def card(self, token: str) -> ScanCard | None:
        """The card of a plate, or None for an unknown token."""

    def count(self, token: str, outcome: ScanOutcome) -> None:
        """Count an answered scan."""


def token_of(scope: Scope) -> str | None:
    """The token in the path of a GET or HEAD request, normalised; None if there is none."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    path: str = scope["path"]
    if _PATH.fullmatch(path):
        return path[1:]
    if len(path) > LONGEST_PATH or path.find("/", 1) > 0:
        return None
    return find_token(path[1:])


async def answer_scan(scans: ScanSource, gate: Gate, token: str, scope: Scope, send: Send) -> None:
    """Send the page of a plate, or its JSON form; unknown tokens are rate-limited."""
    accept, known = "", b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = value.decode("latin-1")
        elif name == b"if-none-match":
            known = value
    try:
        if _prefers_json(accept):
            card = await scans.card(token)
        else:
            query = scope["query_string"]
            reader = _reader(query.decode("latin-1")) if query else PLAIN
            page = await scans.page(token, reader)
            if page is not None:
                if scope["method"] != "HEAD":
                    scans.count(token, page.outcome)
                await send_page(page, known, scope, send)
                return
            card = None
        if card is None:
            await gate.take(gate.unknown_tokens, scope)
        if scope["method"] == "GET":
            scans.count(token, card.outcome if card else ScanOutcome.UNKNOWN)
        response = answer_card(Request(scope), card, scans.site, RESIDENT)
    except (DatabaseUnreachable, TooOften) as error:
        response = _failure(error, accept, scope, scans.site)
    except Exception as error:  # noqa: BLE001 - residents get a page with emergency numbers; a traceback could log personal data
        logger.error("unforeseen", route="/{token}", error=type(error).__name__)  # noqa: TRY400
        response = _failure(MenpaiError("The error was logged."), accept, scope, scans.site)
    for name, value in (html.STANDING_HEADERS | quota_headers(scope)).items():
        response.headers.setdefault(name, value)
    await response(scope, _nothing, send)


def answer_card(request: Request, card: ScanCard | None, site: Site, viewer: Viewer) -> Response:
    """Render the card as the viewer may see it: a page, or JSON if the client prefers it.

    Without a card: 404, in both forms.
    """
    json = html.prefers_json(request.headers.get("accept", ""))
    reader = find_reader(request.url.query)
    if card is None:
        if json:
            return problem_of(
                PlateNotFound("no plate has this token or code", hint="compare it with the plate")
            )
        missing = html.NOT_INDEXED | html.PRIVATE
        return html.page(request, render_unknown(site, reader), status=NOT_FOUND, headers=missing)
    shown = mask_record(card, "card", viewer, division=card.division)
    if json:
        plain = html.PAGE_HEADERS | card_headers(shown)
        body = card_json(shown, viewer, site.code_hosts)
        return Response(body, headers=plain, media_type="application/json")
    page = render_plate(shown, site, reader)
    return html.page(request, page, headers=card_headers(shown, reader.view))


def _failure(error: MenpaiError, accept: str, scope: Scope, site: Site) -> Response:
    if _prefers_json(accept):
        return problem_of(error)
    status = status_of(error)
    page = render_error(status, site, find_reader(scope["query_string"].decode("latin-1")))
    headers = html.NOT_INDEXED | html.PRIVATE | headers_of(error)
    return html.page(Request(scope), page, status=status, headers=headers)


async def _nothing() -> Scope:
    return {"type": "http.disconnect"}
