"""Under which host names this service answers, and what it says of its transport.

A request that names another host (DNS rebinding, a forged ``Host``, a proxy that does not pass it
on) is refused before anything is read of it. Scans are answered under any name: nothing in a
plate's page depends on it, and a plate whose host was renamed must go on opening.
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
"""Asked by balancers, which name whatever they like."""

_TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=31536000")
"""A year (RFC 6797); other hosts of the domain are the operator's to decide about."""


@dataclass(frozen=True, slots=True)
class HostNames:
    """The names that a request may give as its host, in lower case; None: any."""

    names: frozenset[str] | None = None

    def find_refusal(self, scope: Scope, *, is_scan: bool) -> Response | None:
        """The answer to a request that names no host, two, or one that is not ours, else None."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            detail = f"a request names one host (RFC 9112, section 3.2), this one {len(hosts)}"
            return problem_of_status(HTTPStatus.BAD_REQUEST, detail)
        if self.names is None or is_scan or scope["path"] in HEALTH:
            return None
        name = name_in(hosts[0].decode("latin-1"))
        if name in self.names or _is_loopback(name):
            return None
        detail = "this service does not answer under the host name that was asked"
        return problem_of_status(HTTPStatus.MISDIRECTED_REQUEST, detail)


def name_in(host: str) -> str:
    """The name in a ``Host`` header, without port, brackets and a last dot, in lower case."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def host_names_of(settings: Settings) -> HostNames:
    """The names of the settings: that of the public URL and further ones.

    A demo answers under any, for telephones that try it by whatever address finds it; so does a
    service without a public URL, which `menpai serve` refuses to be in production.
    """
    if settings.env == "demo" or not settings.public_url:
        return HostNames()
    public = urlsplit(settings.public_url).hostname or ""
    return HostNames(frozenset(name.lower() for name in (public, *settings.further_hosts)))


def transport_headers(settings: Settings) -> Iterable[tuple[str, str]]:
    """What every answer says of its transport: where we are https, browsers keep to it."""
    return [_TRANSPORT_SECURITY] if settings.public_url.startswith("https:") else []


@lru_cache(maxsize=256)
def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
