"""Ready pages: their heads, encoded once for all, and their texts in pieces."""

from collections.abc import Mapping
from typing import NamedTuple

from service.core import html
from service.core.asgi import ResponseHead, Scope, Send, send_whole
from service.scans.card import ScanOutcome

_NOT_MODIFIED = 304


class Page(NamedTuple):
    """A ready-to-send page: its head, and its UTF-8 text in pieces, most of them shared by pages.

    ``outcome`` is what a scan counts as; ``tag`` the ETag, empty on a private page.
    """

    head: ResponseHead
    body: tuple[bytes, ...]
    outcome: ScanOutcome
    tag: bytes = b""

    @property
    def text(self) -> bytes:
        """The whole text."""
        return b"".join(self.body)


def make_page(pieces: tuple[bytes, ...], headers: Mapping[str, str], outcome: ScanOutcome) -> Page:
    """A page with its own headers and the standard ones."""
    every = html.PAGE_HEADERS | html.STANDING_HEADERS | dict(headers)
    is_public = every["Cache-Control"].startswith("public")
    return _page(pieces, _encoded(every), outcome, is_public=is_public)


def make_plain_page(body: tuple[bytes, ...], outcome: ScanOutcome, *, is_public: bool) -> Page:
    """A page of a plate in the default view."""
    return _page(body, _PUBLIC if is_public else _PRIVATE, outcome, is_public=is_public)


def _page(
    body: tuple[bytes, ...], head: ResponseHead, outcome: ScanOutcome, *, is_public: bool
) -> Page:
    length = (b"content-length", b"%d" % sum(map(len, body)))
    if not is_public:
        return Page(head.with_headers(length), body, outcome)
    tag = html.tag_of(body).encode()
    return Page(head.with_headers(length, (b"etag", tag)), body, outcome, tag)


def _encoded(headers: Mapping[str, str]) -> ResponseHead:
    return ResponseHead.of_texts({**headers, "Content-Type": "text/html; charset=utf-8"})


_EVERY = html.PAGE_HEADERS | html.STANDING_HEADERS | html.NOT_INDEXED
_PRIVATE = _encoded(_EVERY | html.PRIVATE)
_PUBLIC = _encoded(_EVERY | html.PUBLIC)


async def send_page(page: Page, known: bytes, scope: Scope, send: Send) -> None:
    """Send a page, or 304 if its ETag is in If-None-Match (``known``)."""
    if page.tag and page.tag in known:
        await send_whole(scope, send, _NOT_MODIFIED, page.head.without(b"content-length"))
    else:
        await send_whole(scope, send, 200, page.head, page.body)
