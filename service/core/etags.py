"""Entity tags: which version of a record was read, and whether an answer is still the same.

The tag of one record is ``"VERSION.DIGEST"``: the version of its own row, and a digest of the whole
answer, which changes with every other row that is shown in it. Of lists, and of what has no
version, the first part is empty. ``If-None-Match`` asks about the whole answer, ``If-Match`` about
the record's own row.
"""

import hashlib
import re

from fastapi.responses import Response

from service.core.errors import BadRequest, ConditionMissing

ASK_AGAIN = {"Cache-Control": "private, no-cache"}
"""How what has a tag may be kept: by the caller alone, who asks each time whether it holds."""

_ASKED_BY = ("Accept", "Authorization", "X-API-Key", "Cookie")
VARIES = {"Vary": ", ".join(_ASKED_BY)}
"""What an answer of the API depends on besides its address."""

_OWN = re.compile(r'"(\d{1,18})(?:\.[0-9a-f]{16})?"', re.ASCII)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def keep_private(response: Response) -> None:
    """Say of an answer of the API that it is for its caller: by key, session and form asked for.

    What has no tag may not be kept at all; what has one is asked for again each time.
    """
    response.headers.setdefault("Cache-Control", "private, no-store")
    held = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}
    for name in _ASKED_BY:
        if name.lower() not in held:
            response.headers.add_vary_header(name)


def make_etag(body: bytes, version: int | None = None) -> str:
    """The strong tag of an answer with this body, about a record of this version."""
    own = "" if version is None else version
    return f'"{own}.{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """Whether a caller has this answer already, by its header ``If-None-Match`` ("" without)."""
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def read_if_match(header: str | None, *, needed: bool) -> int | None:
    """The version that a caller says to have seen; None where any will do (``*``, or no header).

    The tag of an answer will do, and ``"VERSION"`` as the change feed tells it.

    Raises:
        ConditionMissing: it is needed, and nothing is said.
        BadRequest: this is no tag of a record, or several are given.
    """
    said = (header or "").strip()
    if not said and needed:
        raise ConditionMissing(
            "this changes a record that others change too",
            hint="read it, and send its ETag as If-Match; or * to change it as it stands",
            zh="请带上 If-Match：先读取，再以读到的 ETag 提交。",
        )
    if said in ("", "*"):
        return None
    found = _OWN.fullmatch(said)
    if found is None:
        raise BadRequest(
            f"If-Match: {said[:60]} is no ETag of a record",
            hint="send the one ETag that came with the record, as it is",
        )
    return int(found[1])
