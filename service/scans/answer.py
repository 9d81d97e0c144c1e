"""Answers scans: the endpoint of ``/{TOKEN}`` as plain ASGI, because a resident waits here.

No dependency stack, no ORM, no validation: what reads as a token is looked up, and its page is
sent. The public card of a code is answered in the same words.
"""

import re
from functools import lru_cache
from typing import Protocol

import structlog
from fastapi import Request
from fastapi.responses import Response

from address_model.masking import mask_record
from address_model.sensitivity import RESIDENT, Viewer
from address_model.tokens import find_token
from service.core import html
from service.core.asgi import Scope, Send, send_whole
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
from service.scans.card import ScanCard
from service.scans.hot.ready_page import Page
from service.scans.json_view import card_json
from service.scans.outcomes import ScanOutcome, outcome_of
from service.scans.plain_pages import render_error, render_unknown
from service.scans.plate_page import card_headers, render_plate
from service.scans.reader import PLAIN, Reader, find_reader
from service.scans.site import Site

LONGEST_PATH = 64
"""Longer paths are no token, however it is written."""

NOT_FOUND = 404
_PATH = re.compile("/[0-9A-HJKMNP-TV-Z]{10}")
logger = structlog.get_logger()
_reader = lru_cache(maxsize=256)(find_reader)
_prefers_json = lru_cache(maxsize=256)(html.prefers_json)


class ScanSource(Protocol):
    """Where the endpoint has its pages and cards from."""

    @property
    def site(self) -> Site:
        """Who runs the service."""

    async def page(self, token: str, reader: Reader) -> Page | None:
        """The page of a plate, or None when no plate carries the token."""

    async def card(self, token: str) -> ScanCard | None:
        """The card of a plate, or None."""

    def count(self, token: str, outcome: ScanOutcome) -> None:
        """Count a scan that was answered."""


def token_of(scope: Scope) -> str | None:
    """The token a request asks for, its letters folded; None when it asks for something else."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    path: str = scope["path"]
    if _PATH.fullmatch(path):
        return path[1:]
    if len(path) > LONGEST_PATH or path.find("/", 1) > 0:
        return None
    return find_token(path[1:])


async def answer_scan(scans: ScanSource, gate: Gate, token: str, scope: Scope, send: Send) -> None:
    """Answer with the page of a plate, or its JSON twin; unknown tokens are limited."""
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
                is_head = scope["method"] == "HEAD"
                if not is_head:
                    scans.count(token, page.outcome)
                await _send_page(page, known, is_head, send)
                return
            card = None
        if card is None:
            await gate.take(gate.unknown_tokens, scope)
        if scope["method"] == "GET":
            scans.count(token, outcome_of(card.state) if card else ScanOutcome.UNKNOWN)
        response = answer_card(Request(scope), card, scans.site, RESIDENT)
    except (DatabaseUnreachable, TooOften) as error:
        response = _failure(error, accept, scope, scans.site)
    except Exception as error:  # noqa: BLE001 - a resident gets a page with numbers to call; a trace could name people
        logger.error("unforeseen", route="/{token}", error=type(error).__name__)  # noqa: TRY400
        response = _failure(MenpaiError("It was noted."), accept, scope, scans.site)
    for name, value in (html.STANDING_HEADERS | quota_headers(scope)).items():
        response.headers.setdefault(name, value)
    await response(scope, _nothing, send)


def answer_card(request: Request, card: ScanCard | None, site: Site, viewer: Viewer) -> Response:
    """Answer with the card as a viewer may see it: its page, or JSON when the caller prefers it.

    Without a card 404, in both forms.
    """
    json = html.prefers_json(request.headers.get("accept", ""))
    reader = find_reader(request.url.query)
    if card is None:
        if json:
            return problem_of(
                PlateNotFound("no plate carries this", hint="compare it with the plate")
            )
        missing = html.NOT_INDEXED | html.PRIVATE
        return html.page(request, render_unknown(site, reader), status=NOT_FOUND, headers=missing)
    shown = mask_record(card, "card", viewer, division=card.division)
    if json:
        plain = html.PAGE_HEADERS | card_headers(shown)
        return Response(card_json(shown, viewer), headers=plain, media_type="application/json")
    page = render_plate(shown, site, reader)
    return html.page(request, page, headers=card_headers(shown, reader.view))


async def _send_page(page: Page, known: bytes, is_head: bool, send: Send) -> None:
    """Send a page; one that the asker's cache still holds by its ETag is not sent again."""
    if page.tag and page.tag in known:
        headers = [one for one in page.headers if one[0] != b"content-length"]
        await send_whole(send, 304, headers, b"")
        return
    await send_whole(send, 200, page.headers, b"" if is_head else page.text)


def _failure(error: MenpaiError, accept: str, scope: Scope, site: Site) -> Response:
    if _prefers_json(accept):
        return problem_of(error)
    status = status_of(error)
    page = render_error(status, site, find_reader(scope["query_string"].decode("latin-1")))
    headers = html.NOT_INDEXED | html.PRIVATE | headers_of(error)
    return html.page(Request(scope), page, status=status, headers=headers)


async def _nothing() -> Scope:
    return {"type": "http.disconnect"}
