"""The text inside the symbol: the public address of one plate token."""

import re
from typing import Literal
from urllib.parse import urlsplit

from qr.errors import PublicUrlRefused, TokenInvalid
from qr.public_host import LOCAL, find_host_fault

Case = Literal["scheme", "lower", "upper"]

_TOKEN = re.compile(r"[0-9A-Z]+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def make_payload(public_url: str, token: str, case: Case = "scheme") -> str:
    """Return ``https://HOST/TOKEN`` for a token under the public URL.

    ``case`` says what stays in lower case: ``scheme`` the scheme only (several phone scanners
    do not take an upper-case scheme as a link), ``lower`` scheme and host, ``upper`` nothing. The
    token is always upper case, as printed. A port is kept.

    Raises PublicUrlRefused when the URL is not a bare host, or is http on a host the internet can
    reach; TokenInvalid when the token has characters other than digits and upper-case letters.
    """
    if not _TOKEN.fullmatch(token):
        raise TokenInvalid(
            f"token {token!r} may hold digits and upper-case letters only; issue the plate again"
        )
    try:
        url = urlsplit(public_url.strip())
        port = url.port
    except ValueError as error:
        raise PublicUrlRefused(f"public URL {public_url!r}: {error}") from error
    host = url.hostname or ""
    if url.scheme not in ("http", "https") or not host:
        raise _refused(public_url, "must look like https://mp.example.gov.cn")
    if url.path not in ("", "/") or url.query or url.fragment or url.username or url.password:
        raise _refused(public_url, "must be scheme and host only, without path, query or user")
    if not _HOST.fullmatch(host) and ":" not in host:
        raise _refused(public_url, "the host must be ASCII; write an 中文 domain as xn--…")
    if url.scheme == "http" and find_host_fault(public_url) not in LOCAL:
        raise _refused(public_url, "http is for loopback and private hosts only; use https")
    host = f"[{host}]" if ":" in host else host
    if port not in (None, {"http": 80, "https": 443}[url.scheme]):
        host = f"{host}:{port}"
    if case == "upper":
        return f"{url.scheme.upper()}://{host.upper()}/{token}"
    return f"{url.scheme}://{host.upper() if case == 'scheme' else host}/{token}"


def _refused(public_url: str, hint: str) -> PublicUrlRefused:
    return PublicUrlRefused(f"public URL {public_url!r}: {hint} (setting MENPAI_PUBLIC_URL)")
