"""Routes of the pages for residents beside the scan itself; none needs script."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from address_model.codes import InvalidCode, parse_code
from address_model.plate_text import LONGEST, PlateText, read_plate_text
from address_model.sensitivity import ANYBODY, RESIDENT
from address_model.tokens import find_token
from service.core import html
from service.core.web import (
    CodeLookup,
    PrintedCard,
    ReadSession,
    StandbySession,
    count_unknown_token,
    settings_of,
)
from service.core.words import WORDS, mark
from service.scans.address_card import printed_card, texts_of
from service.scans.answer import answer_card
from service.scans.card import ScanCard
from service.scans.plain_pages import render_error, render_home, render_privacy
from service.scans.reader import Reader, find_reader
from service.scans.site import Site

CardFinder = Callable[[ReadSession, str], ScanCard | None]
"""Finds the card of a token, or of a code; None when there is none to show."""

ROBOTS = "User-agent: *\nAllow: /$\nAllow: /privacy\nAllow: /heritage\nDisallow: /\n"
MISTYPED = mark(
    "没有认出编码。这里按编码查，不按地址查：请输入门牌上的 16 位地址编码，或二维码下的 10 位短码。"
)
WRONG_DIGITS = mark("这个编码不对：可能有一位数字看错了，或相邻两位颠倒了，请再看一遍。")
READ_ALOUD = html.read_static("read-aloud.js")


def make_router(find_by_token: CardFinder, find_by_code: CardFinder, site: Site) -> APIRouter:
    """Return the routes of the residents' pages over two ways to find a card."""
    router = APIRouter(include_in_schema=False)
    _add_plain_pages(router, site)

    @router.get("/card/{token}.pdf", dependencies=[PrintedCard])
    def paper(request: Request, session: StandbySession, token: str) -> Response:
        """The address card of a plate's door, to print."""
        folded = find_token(token)
        card = find_by_token(session, folded) if folded else None
        if card is None:
            count_unknown_token(request)
        return answer_paper(request, card, site)

    @router.api_route("/a/{code}", methods=["GET", "HEAD"], dependencies=[CodeLookup])
    def by_code(request: Request, session: StandbySession, code: str) -> Response:
        """The public card of an address code."""
        try:
            digits = parse_code(code).digits
        except InvalidCode:
            return answer_card(request, None, site, ANYBODY)
        return answer_card(request, find_by_code(session, digits), site, ANYBODY)

    @router.api_route("/{text}", methods=["GET", "HEAD"])
    def other(request: Request, session: ReadSession, text: str) -> Response:
        """What is no page; a token comes here only where scans are not answered before."""
        token = find_token(text)
        if token is None:
            return answer_other(request, text, site)
        card = find_by_token(session, token)
        if card is None:
            count_unknown_token(request)
        return answer_card(request, card, site, RESIDENT)

    @router.api_route("/{path:path}/", methods=["GET", "HEAD"])
    def with_slash(request: Request, path: str) -> Response:
        """A path with a slash at its end: lead to the one without, by path alone, never by host."""
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse("/" + quote(path.strip("/")) + query, 308, html.PRIVATE)

    return router


def _add_plain_pages(router: APIRouter, site: Site) -> None:
    """The pages that are about no plate."""

    @router.api_route("/", methods=["GET", "HEAD"])
    def home(request: Request, q: str = "") -> Response:
        """The home page; with ``q`` the way to what stands on a plate."""
        return answer_home(request, q, site)

    @router.api_route("/privacy", methods=["GET", "HEAD"])
    def privacy(request: Request) -> Response:
        """What is shown and kept of a scan."""
        page = render_privacy(site, find_reader(request.url.query))
        return html.page(request, page, headers=html.PUBLIC)

    @router.get("/robots.txt")
    def robots() -> Response:
        """Search engines may read the home, privacy and heritage pages, no plate."""
        return PlainTextResponse(ROBOTS)

    @router.get("/static/read-aloud.js")
    def read_aloud() -> Response:
        """The one script, for the elder view; its address changes with its text."""
        return Response(READ_ALOUD, headers=html.LASTING, media_type="text/javascript")


def answer_paper(request: Request, card: ScanCard | None, site: Site) -> Response:
    """Answer with the address card as PDF; it names nobody, so any cache may keep it."""
    if card is None or not card.is_printable:
        return answer_card(request, None, site, ANYBODY)
    words = WORDS[find_reader(request.url.query).language]
    pdf = printed_card(texts_of(card, words), settings_of(request).font)
    headers = html.NOT_INDEXED | html.PUBLIC
    headers |= {"Content-Disposition": f'inline; filename="{card.token}.pdf"'}
    return Response(pdf, headers=headers, media_type="application/pdf")


def answer_home(request: Request, typed: str, site: Site) -> Response:
    """Show the home page, or lead from what was typed to the plate's or the address's page."""
    reader = find_reader(request.url.query)
    text = typed.strip()[:LONGEST]
    if not text:
        return html.page(request, render_home(site, reader=reader), headers=html.PUBLIC)
    try:
        meant, fault = read_plate_text(text), MISTYPED
    except InvalidCode:
        meant, fault = None, WRONG_DIGITS
    if meant is not None:
        return _lead_to(meant, reader)
    page = render_home(site, text, fault, reader)
    return html.page(request, page, status=400, headers=html.PRIVATE)


def answer_other(request: Request, text: str, site: Site) -> Response:
    """Answer a path that is no token: digits of a code lead to the address, else 404."""
    reader = find_reader(request.url.query)
    try:
        meant, page = read_plate_text(text), render_error(404, site, reader)
    except InvalidCode:
        meant, page = None, render_home(site, text, WRONG_DIGITS, reader)
    if meant is not None:
        return _lead_to(meant, reader)
    return html.page(request, page, status=404, headers=html.NOT_INDEXED)


def _lead_to(meant: PlateText, reader: Reader) -> Response:
    path = f"/a/{meant.code}" if meant.code else f"/{meant.token}"
    return RedirectResponse(path + reader.query, 303)
