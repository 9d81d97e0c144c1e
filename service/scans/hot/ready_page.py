"""Pages ready to be sent: their headers as ASGI takes them, their text as UTF-8."""

from collections.abc import Mapping
from typing import NamedTuple

from service.core import html
from service.core.asgi import Headers
from service.scans.outcomes import ScanOutcome


class Page(NamedTuple):
    """A page ready to be sent; ``tag`` is the ETag of one that any cache may keep.

    ``outcome`` is how a scan that it answers is counted.
    """

    headers: Headers
    text: bytes
    outcome: ScanOutcome
    tag: bytes = b""


def make_page(pieces: tuple[bytes, ...], headers: Mapping[str, str], outcome: ScanOutcome) -> Page:
    """Return a page with its own headers, and those that every page has."""
    every = html.PAGE_HEADERS | html.STANDING_HEADERS | dict(headers)
    is_public = every["Cache-Control"].startswith("public")
    return _page(b"".join(pieces), _encoded(every), outcome, is_public=is_public)


def make_filled_page(text: bytes, outcome: ScanOutcome, *, is_private: bool) -> Page:
    """Return a plate's page in the usual view; a private one shows a contact."""
    headers = _PRIVATE if is_private else _PUBLIC
    return _page(text, headers, outcome, is_public=not is_private)


def _page(text: bytes, headers: Headers, outcome: ScanOutcome, *, is_public: bool) -> Page:
    length = (b"content-length", b"%d" % len(text))
    if not is_public:
        return Page([*headers, length], text, outcome)
    tag = html.tag_of((text,)).encode()
    return Page([*headers, length, (b"etag", tag)], text, outcome, tag)


def _encoded(headers: Mapping[str, str]) -> Headers:
    typed = {**headers, "Content-Type": "text/html; charset=utf-8"}
    return [(name.lower().encode(), value.encode()) for name, value in typed.items()]


_EVERY = html.PAGE_HEADERS | html.STANDING_HEADERS | html.NOT_INDEXED
_PRIVATE = _encoded(_EVERY | html.PRIVATE)
_PUBLIC = _encoded(_EVERY | html.PUBLIC)
