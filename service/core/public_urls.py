"""The public URL of the service, as a setting: scheme and host of every QR symbol."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from qr.public_host import LOCAL, find_host_fault


def _scheme_and_host(url: str) -> str:
    if not url:
        return url
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise ValueError("must be a scheme and a host, such as https://mp.zj.gov.cn")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must have no path: the token follows the host directly")
    if parts.scheme == "http" and find_host_fault(url) not in LOCAL:
        raise ValueError("must be https: http is only for loopback and private hosts")
    return f"{parts.scheme}://{parts.netloc}"


PublicUrl = Annotated[str, AfterValidator(_scheme_and_host)]
