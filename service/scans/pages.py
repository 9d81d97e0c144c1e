"""Routes of the residents' pages other than the scan itself; none requires JavaScript."""

from collections.abc import Callable
from http import HTTPStatus
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
    count_door_search,
    count_unknown_token,
    reads_of,
    settings_of,
)
from service.core.words import WORDS, mark
from service.scans.address_card import card_texts, printed_card
from service.scans.answer import answer_card
from service.scans.card import ScanCard
from service.scans.door_page import render_search
from service.scans.queries.door_search import Found, find_doors
from service.scans.reader import Reader, find_reader
from service.scans.site import Site
from service.scans.templates import render_error, render_home, render_privacy

CardFinder = Callable[[ReadSession, str], ScanCard | None]
"""Finds the card of a token or a code, or None."""

ROBOTS = (
    "User-agent: *\nAllow: /$\nAllow: /privacy\nAllow: /heritage\nAllow: /figures\nDisallow: /\n"
)
WRONG_DIGITS = mark("这个编码不对：可能有一位数字看错了，或相邻两位颠倒了，请再看一遍。")
READ_ALOUD = html.read_static("read-aloud.js")


def make_router(find_by_token: CardFinder, find_by_code: CardFinder, site: Site) -> APIRouter:
    """Create the router of the residents' pages, with lookups by token and by code."""
    router = APIRouter(include_in_schema=False)
    _add_plain_pages(router, site)

    @router.get("/card/{token}.pdf", dependencies=[PrintedCard])
    def address_card(request: Request, session: StandbySession, token: str) -> Response:
        """The printable address card (PDF)."""
        folded = find_token(token)
        card = find_by_token(session, folded) if folded else None
        if card is None:
            count_unknown_token(request)
        return answer_address_card(request, card, site)

    @router.api_route("/a/{code}", methods=["GET", "HEAD"], dependencies=[CodeLookup])
    def by_code(request: Request, session: StandbySession, code: str) -> Response:
        """The public page of an address code."""
        try:
            digits = parse_code(code).digits
        except InvalidCode:
            return answer_card(request, None, site, ANYBODY)
        return answer_card(request, find_by_code(session, digits), site, ANYBODY)

    @router.api_route("/{text}", methods=["GET", "HEAD"])
    def other(request: Request, session: ReadSession, text: str) -> Response:
        """Any other path. Tokens get here only without the ASGI scan endpoint in front."""
        token = find_token(text)
        if token is None:
            return answer_other(request, text, site)
        card = find_by_token(session, token)
        if card is None:
            count_unknown_token(request)
        return answer_card(request, card, site, RESIDENT)

    @router.api_route("/{path:path}/", methods=["GET", "HEAD"])
    def with_slash(request: Request, path: str) -> Response:
        """Redirect a trailing slash away, by path only: never to another host."""
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse("/" + quote(path.strip("/")) + query, 308, html.PRIVATE)

    return router


def _add_plain_pages(router: APIRouter, site: Site) -> None:
    """Add the pages that are about no plate."""

    @router.api_route("/", methods=["GET", "HEAD"])
    def home(request: Request, q: str = "") -> Response:
        """The home page; ``q`` is a code or token from a plate, or an address."""
        return answer_home(request, q, site)

    @router.api_route("/privacy", methods=["GET", "HEAD"])
    def privacy(request: Request) -> Response:
        """The privacy page."""
        page = render_privacy(site, find_reader(request.url.query))
        return html.page(request, page, headers=html.PUBLIC)

    @router.get("/robots.txt")
    def robots() -> Response:
        """Crawlers may index home, privacy, heritage and figures, but no plate."""
        return PlainTextResponse(ROBOTS)

    @router.get("/static/read-aloud.js")
    def read_aloud() -> Response:
        """The script of the elder view; its URL carries a fingerprint."""
        return Response(READ_ALOUD, headers=html.LASTING, media_type="text/javascript")


def answer_address_card(request: Request, card: ScanCard | None, site: Site) -> Response:
    """Respond with the address card as PDF; it names nobody, so it may be cached."""
    if card is None or not card.is_printable:
        return answer_card(request, None, site, ANYBODY)
    words = WORDS[find_reader(request.url.query).language]
    pdf = printed_card(card_texts(card, words), settings_of(request).font)
    headers = html.NOT_INDEXED | html.PUBLIC
    headers |= {"Content-Disposition": f'inline; filename="{card.token}.pdf"'}
    return Response(pdf, headers=headers, media_type="application/pdf")


def answer_home(request: Request, typed: str, site: Site) -> Response:
    """Show the home page, or lead to the plate or address that was typed.

    Raises:
        TooOften: too many addresses were searched from this network address.
    """
    reader = find_reader(request.url.query)
    text = typed.strip()[:LONGEST]
    if not text:
        return html.page(request, render_home(site, reader=reader), headers=html.PUBLIC)
    try:
        meant = read_plate_text(text)
    except InvalidCode:
        page = render_home(site, text, WRONG_DIGITS, reader)
        return html.page(request, page, status=400, headers=html.NOT_INDEXED | html.PRIVATE)
    if meant is not None:
        return _redirect_to(meant, reader)
    count_door_search(request)
    with reads_of(request).reading() as session:
        found = find_doors(session, text)
    if found.kind is Found.HERE:
        return _redirect_to(PlateText(code=found.doors[0].code), reader)
    page = render_search(site, text, found, reader)
    status = HTTPStatus.NOT_FOUND if found.kind is Found.NOTHING else HTTPStatus.OK
    return html.page(request, page, status=status, headers=html.NOT_INDEXED | html.PRIVATE)


def answer_other(request: Request, text: str, site: Site) -> Response:
    """Respond to a path that is no token: redirect an address code, else 404."""
    reader = find_reader(request.url.query)
    try:
        meant, page = read_plate_text(text), render_error(404, site, reader)
    except InvalidCode:
        meant, page = None, render_home(site, text, WRONG_DIGITS, reader)
    if meant is not None:
        return _redirect_to(meant, reader)
    return html.page(request, page, status=404, headers=html.NOT_INDEXED)


def _redirect_to(meant: PlateText, reader: Reader) -> Response:
    path = f"/a/{meant.code}" if meant.code else f"/{meant.token}"
    return RedirectResponse(path + reader.query, 303, html.PRIVATE)
