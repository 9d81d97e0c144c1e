"""Scans by somebody who may be signed in: told by the cookie, looked up elsewhere, never cached."""

from service.core import html
from service.core.asgi import Headers, Scope

STAFF_SCANS = "/crew/scans/"
"""Where the page of a plate for a member of staff is made; the address in the browser stays."""


def carries_session(headers: Headers, cookie: bytes) -> bool:
    """Whether a request carries the session cookie and wants a page; without it costs nothing."""
    for name, value in headers:
        if name == b"cookie" and cookie in value:
            accept = next((kind for key, kind in headers if key == b"accept"), b"")
            return not html.prefers_json(accept.decode("latin-1"))
    return False


def led_to_staff(scope: Scope, token: str) -> Scope:
    """The same request for the page of a plate as a member of staff sees it."""
    path = STAFF_SCANS + token
    return {**scope, "path": path, "raw_path": path.encode()}
