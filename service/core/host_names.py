"""Checks the Host header of requests, and adds Strict-Transport-Security.

A request for another host (DNS rebinding, a forged ``Host``, a proxy that does not pass it on) is
refused before anything else is read. Scans are answered under any name: nothing in their page
depends on it, and plates must keep working after their host was renamed.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi.responses import Response

from service.core.asgi import Scope
from service.core.problems import problem_of_status
from service.core.settings import Settings

HEALTH = ("/healthz", "/readyz")
"""Requested by load balancers under any host name."""

_TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=31536000")
"""A year (RFC 6797); without subdomains, which are the operator's decision."""


@dataclass(frozen=True, slots=True)
class HostNames:
    """The host names that a request may name, in lower case; None: any."""

    names: frozenset[str] | None = None

    def find_refusal(self, scope: Scope, *, is_scan: bool) -> Response | None:
        """The refusal of a request with no host, several or a foreign one; None if allowed."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            detail = f"a request names one host (RFC 9112, section 3.2), this one {len(hosts)}"
            return problem_of_status(HTTPStatus.BAD_REQUEST, detail)
        if self.names is None or is_scan or scope["path"] in HEALTH:
            return None
        name = name_in(hosts[0].decode("latin-1"))
        if name in self.names or _is_loopback(name):
            return None
        detail = "this service does not answer under this host name"
        return problem_of_status(HTTPStatus.MISDIRECTED_REQUEST, detail)


@lru_cache(maxsize=256)
def name_in(host: str) -> str:
    """The name in a ``Host`` header in lower case, without port, brackets and trailing dot."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def host_names_of(settings: Settings) -> HostNames:
    """The names of the settings: that of the public URL and further ones.

    A demo accepts any, for telephones that reach it by any address; so does a service without a
    public URL, which `menpai serve` refuses in production.
    """
    if settings.env == "demo" or not settings.public_url:
        return HostNames()
    public = urlsplit(settings.public_url).hostname or ""
    return HostNames(frozenset(name.lower() for name in (public, *settings.further_hosts)))


def transport_headers(settings: Settings) -> Iterable[tuple[str, str]]:
    """The headers of every response about transport: HSTS if the public URL is https."""
    return [_TRANSPORT_SECURITY] if settings.public_url.startswith("https:") else []


@lru_cache(maxsize=256)
def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
