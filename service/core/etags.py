"""Entity tags: the version of a record that was read, and whether a response is unchanged.

The tag of a record is ``"VERSION.DIGEST"``: the version of its own row, and a digest of the whole
response, which changes with any other row shown in it. Lists, and records without a version, have
an empty first part. ``If-None-Match`` compares the whole tag, ``If-Match`` the version only.
"""

import hashlib
import re

from fastapi.responses import Response

from service.core.errors import BadRequest, ConditionMissing

ASK_AGAIN = {"Cache-Control": "private, no-cache"}
"""For responses with a tag: cached by the caller only, and revalidated each time."""

_ASKED_BY = ("Accept", "Authorization", "X-API-Key", "Cookie")
VARIES = {"Vary": ", ".join(_ASKED_BY)}
"""The request headers that a response of the API depends on."""

_OWN = re.compile(r'"(\d{1,18})(?:\.[0-9a-f]{16})?"', re.ASCII)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def keep_private(response: Response) -> None:
    """Set the caching headers of an API response: private to the caller.

    Without a tag it may not be stored; with one it is revalidated each time.
    """
    response.headers.setdefault("Cache-Control", "private, no-store")
    held = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}
    for name in _ASKED_BY:
        if name.lower() not in held:
            response.headers.add_vary_header(name)


def make_etag(body: bytes, version: int | None = None) -> str:
    """The strong tag of a response with this body, about a record of this version."""
    own = "" if version is None else version
    return f'"{own}.{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """Whether ``If-None-Match`` ("" if absent) matches this tag."""
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def read_if_match(header: str | None, *, needed: bool) -> int | None:
    """The version in ``If-Match``; None for any (``*``, or no header).

    Accepts the tag of a response, or ``"VERSION"`` as in the change feed.

    Raises:
        ConditionMissing: it is required but absent.
        BadRequest: it is not the tag of a record, or several tags.
    """
    value = (header or "").strip()
    if not value and needed:
        raise ConditionMissing(
            "this changes a record that others change too",
            hint="read it, and send its ETag as If-Match; or * to change any version",
            zh="请带上 If-Match：先读取，再以读到的 ETag 提交。",
        )
    if value in ("", "*"):
        return None
    found = _OWN.fullmatch(value)
    if found is None:
        raise BadRequest(
            f"If-Match: {value[:60]} is no ETag of a record",
            hint="send the one ETag that came with the record, as it is",
        )
    return int(found[1])
