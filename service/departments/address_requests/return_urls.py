"""Where a resident is sent back to: a web address that the program registered beforehand.

It is compared character by character (RFC 9700 §2.1): a pattern could be made to lead elsewhere.
"""

import re
from urllib.parse import urlencode, urlsplit

from service.core.errors import BadRequest

LONGEST = 500
_PRINTED = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "localhost")


def check_return_url(url: str) -> str:
    """Return the URL as it is registered.

    Raises:
        BadRequest: it is no https URL with a host name; http is for loopback only.
    """
    parts = urlsplit(url) if len(url) <= LONGEST and _PRINTED.fullmatch(url) else None
    is_good = (
        parts is not None
        and _HOST.fullmatch(parts.netloc)
        and "#" not in url
        and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
    )
    if not is_good:
        raise BadRequest(
            "a return URL is an https address with a host name, and without a fragment",
            hint="such as https://bs.example.gov.cn/form/back",
            zh="返回网址须以 https 开头，带有域名，不含 # 号。",
            field="url",
        )
    return url


def origin_of(url: str) -> str:
    """Scheme and host of a registered URL, for a content security policy."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """The host of a registered URL, as people read it."""
    return urlsplit(url).netloc


def lead_back(url: str, **fields: str) -> str:
    """A registered URL with further query fields; empty ones are left out."""
    more = urlencode({name: value for name, value in fields.items() if value})
    return f"{url}{'&' if urlsplit(url).query else '?'}{more}"
