"""The endpoint of ``/{TOKEN}``: plain ASGI, because a resident waits here.

No dependency stack, no ORM, no validation: a token of exactly ten characters is looked up at the
desk and its page is sent. What is not a page of a plate is left to the ordinary pages.
"""

import re
from functools import lru_cache

import structlog
from fastapi import Request
from fastapi.responses import Response

from address_model.tokens import find_token
from service.core import html
from service.core.asgi import Scope, Send, send_whole
from service.core.errors import DatabaseUnreachable, MenpaiError, TooOften, status_of
from service.core.problems import problem, retry_headers, told_outside
from service.core.web import Gate
from service.scans.card import ScanCard
from service.scans.hot.desk import Desk
from service.scans.hot.sending import Page
from service.scans.pages import answer_card, card_headers, render_error
from service.scans.reader import PLAIN, find_reader
from service.scans.site import Site
from service.scans.twin import card_json

PATH_LENGTH = 11
NOT_FOUND = 404
_PATH = re.compile("/[0-9A-HJKMNP-TV-Z]{10}")
logger = structlog.get_logger()
_reader = lru_cache(maxsize=256)(find_reader)
_prefers_json = lru_cache(maxsize=256)(html.prefers_json)


def token_of(scope: Scope) -> str | None:
    """The token a request asks for, its letters folded; None when it asks for something else."""
    path = scope["path"]
    if len(path) != PATH_LENGTH or scope["method"] not in ("GET", "HEAD"):
        return None
    if _PATH.fullmatch(path):
        return str(path[1:])
    text = path[1:]
    return find_token(text) if text.isalnum() else None


async def answer_scan(desk: Desk, gate: Gate, token: str, scope: Scope, send: Send) -> None:
    """Answer with the page of a plate, or its JSON twin; unknown tokens are counted."""
    accept, known = "", b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = value.decode("latin-1")
        elif name == b"if-none-match":
            known = value
    try:
        if _prefers_json(accept):
            response = _json_of(await desk.card(token), scope, desk)
            if response.status_code == NOT_FOUND:
                await gate.take(gate.unknown_tokens, scope)
        else:
            query = scope["query_string"]
            reader = _reader(query.decode("latin-1")) if query else PLAIN
            page = await desk.page(token, reader)
            if page is not None:
                await _send_page(page, known, scope["method"] == "HEAD", send)
                return
            await gate.take(gate.unknown_tokens, scope)
            response = answer_card(Request(scope), None, desk.site)
    except (DatabaseUnreachable, TooOften) as error:
        response = _failure(error, accept, scope, desk.site)
    except Exception as error:  # noqa: BLE001 - a resident gets a page with numbers to call; a trace could name people
        logger.error("unforeseen", path="/{token}", error=type(error).__name__)  # noqa: TRY400
        response = _failure(MenpaiError("It was noted."), accept, scope, desk.site)
    for name, value in html.STANDING_HEADERS.items():
        response.headers.setdefault(name, value)
    await response(scope, _nothing, send)


async def _send_page(page: Page, known: bytes, is_head: bool, send: Send) -> None:
    """Send a page; one that the asker's cache still holds by its ETag is not sent again."""
    if page.tag and page.tag in known:
        headers = [one for one in page.headers if one[0] != b"content-length"]
        await send_whole(send, 304, headers, b"")
        return
    await send_whole(send, 200, page.headers, b"" if is_head else page.text)


def _json_of(card: ScanCard | None, scope: Scope, desk: Desk) -> Response:
    if card is None:
        return answer_card(Request(scope), None, desk.site)
    headers = html.PAGE_HEADERS | card_headers(card)
    return Response(card_json(card), headers=headers, media_type="application/json")


def _failure(error: MenpaiError, accept: str, scope: Scope, site: Site) -> Response:
    status = status_of(error)
    retry = retry_headers(error)
    if _prefers_json(accept):
        response = problem(status, error.title, *told_outside(error))
        response.headers.update(retry)
        return response
    page = render_error(status, site, find_reader(scope["query_string"].decode("latin-1")))
    headers = html.NOT_INDEXED | html.PRIVATE | retry
    return html.page(Request(scope), page, status=status, headers=headers)


async def _nothing() -> Scope:
    return {"type": "http.disconnect"}
