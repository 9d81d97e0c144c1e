"""Base maps (底图) by URL: what an operator may set, and what a page must allow for it."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_PLACES = ("{z}", "{x}", "{y}")


def read_base_map_url(url: str) -> str:
    """A URL of map pictures, checked; "" is none.

    Raises:
        ValueError: it is not https, or lacks ``{z}``, ``{x}`` or ``{y}``.
    """
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or "{" in parts.netloc:
        raise ValueError("must begin with https:// and one host name")
    if any(place not in url for place in _PLACES) or set(url) & set(" \"';,"):
        raise ValueError(
            "must have {z}, {x} and {y}, such as https://map.zj.gov.cn/{z}/{x}/{y}.png"
        )
    return url


BaseMapUrl = Annotated[str, AfterValidator(read_base_map_url)]


def origin_of(url: str) -> str:
    """Scheme and host of a checked URL, as a content security policy names them; "" of ""."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""
