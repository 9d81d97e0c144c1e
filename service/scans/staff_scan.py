"""Scans by somebody who may be signed in: told by the cookie, looked up elsewhere, never cached.

The section of a member of staff is made where the pages are; it stands above the residents' page,
which is the one that everybody gets.
"""

from http import HTTPStatus

from service.core import html
from service.core.asgi import Headers, ResponseHead, Scope, Send, send_whole
from service.scans.hot.page import Page

STAFF_SCANS = "/crew/scans/"
"""Where the section of a plate for a member of staff is made; the address in the browser stays."""

SECTION_ONLY = "x-menpai-section"
"""The request header that asks for the section alone, without the page around it."""

_ABOVE = 3
"""The pieces of a page before its content: the head of the frame, the title, its middle."""


def carries_session(headers: Headers, cookie: bytes) -> bool:
    """Whether a request carries the session cookie and wants a page; without it costs nothing."""
    for name, value in headers:
        if name == b"cookie" and cookie in value:
            accept = next((kind for key, kind in headers if key == b"accept"), b"")
            return not html.prefers_json(accept.decode("latin-1"))
    return False


def led_to_staff(scope: Scope, token: str) -> Scope:
    """The request for the section of a plate that a member of staff has scanned."""
    path, asked = STAFF_SCANS + token, (SECTION_ONLY.encode(), b"1")
    changed = {"method": "GET", "path": path, "raw_path": path.encode(), "extensions": {}}
    return {**scope, **changed, "headers": [*scope["headers"], asked]}


class StaffAnswer:
    """What was answered where the section is made, kept until it is complete."""

    def __init__(self) -> None:
        self.status = 0
        self._headers: Headers = []
        self._parts: list[bytes] = []

    async def keep(self, message: Scope) -> None:
        """Take the next message of the answer."""
        if message["type"] == "http.response.start":
            self.status, self._headers = message["status"], list(message["headers"])
        else:
            self._parts.append(message.get("body", b""))

    async def send(self, page: Page | None, scope: Scope, send: Send) -> None:
        """Send the residents' page with the section above it; any other answer as it is."""
        body = tuple(self._parts)
        if page is not None and self.status == HTTPStatus.OK:
            body = (*page.body[:_ABOVE], *body, *page.body[_ABOVE:])
        length = (b"content-length", b"%d" % sum(map(len, body)))
        head = ResponseHead.of(self._headers).without(b"content-length").with_headers(length)
        await send_whole(scope, send, self.status, head, body)
