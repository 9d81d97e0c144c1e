"""Where webhooks may be sent: URLs and network addresses that lead to no inner service (SSRF).

OWASP ASVS 5.0, 1.3.6; OWASP API Security 2023, API7. A URL is read by one strict pattern, so that
no two parsers disagree about its host; its name is resolved once, and the connection goes to the
very address that was judged.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from service.core.errors import BadRequest

HTTPS_PORT = 443
LONGEST_URL = 500
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_URL = re.compile(
    r"(https?)://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?"
    r"(/[!$-;=?-\[\]_a-z|~]*)?",  # printable ASCII without space " # < > \ ^ ` { }
    re.ASCII,
)
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
"""A domain name with at least two labels, the last of which is no number."""

_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"),
            *("100.100.100.200/32", "192.0.0.192/32"),  # metadata of Alibaba and Oracle clouds
            *("::/128", "fe80::/10", "ff00::/8", "fd00:ec2::254/128"),
        ),
    )
)
"""What no setting opens: link-local addresses, and where clouds tell machines their secrets."""

_LED_ON = tuple(
    map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
)
"""IPv6 addresses that carry an IPv4 address, to which a gateway may lead on."""


class TargetRefused(BadRequest):
    """Webhooks are not sent to this URL."""

    usual_field = "url"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in its parts; ``host`` is a name in lower case or an address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The value of ``Host``: with the port if it is not that of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS_PORT if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reach:
    """What webhooks may reach besides https on port 443 of the public Internet.

    In ``networks`` (``MENPAI_WEBHOOK_NETWORKS``) any port is allowed, and plain http on loopback.
    """

    networks: tuple[IpNetwork, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> Self:
        """From the setting."""
        return cls(tuple(map(ipaddress.ip_network, networks)))

    def read(self, url: str) -> Target:
        """The parts of a URL that may be registered.

        Raises:
            TargetRefused: it is not https, names no public host, or is written unusually.
        """
        found = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
        if found is None:
            raise TargetRefused(
                f"{url[:60]!r} is no URL for a webhook",
                hint="https://HOST/PATH in ASCII, without name, password or fragment",
            )
        scheme, host, port, path = found.groups()
        host = host.lower().strip("[]")
        usual = HTTPS_PORT if scheme == "https" else 80
        target = Target(scheme, host, int(port or usual), path or "/")
        if not 0 < target.port < 1 << 16:
            raise TargetRefused(f"there is no port {target.port}", hint="leave the port out")
        with suppress(ValueError):  # written as an address, in the usual form only
            ipaddress.ip_address(host)
            self.choose(target, [host])
            return target
        if not _NAME.fullmatch(host):  # nor is a decimal, octal or short form of an address
            raise TargetRefused(
                f"{host[:60]!r} is no public host name", hint="write the full domain name"
            )
        if scheme != "https":
            raise TargetRefused(
                "a webhook is sent over https only", hint="give the host a certificate"
            )
        if target.port != HTTPS_PORT and not self.networks:
            raise TargetRefused(
                f"port {target.port} is not allowed", hint="let the host answer on port 443"
            )
        return target

    def choose(self, target: Target, addresses: Sequence[str]) -> str:
        """The address to connect to, of all that the name resolves to.

        Raises:
            TargetRefused: one of them may not be reached, or there is none.
        """
        for one in addresses:
            if not self._allows(target, one):
                raise TargetRefused(
                    f"{target.host} leads to an address that webhooks may not reach",
                    hint="ask the operator to open its network",
                )
        if not addresses:
            raise TargetRefused(f"{target.host} has no address", hint="check the name")
        return addresses[0]

    def _allows(self, target: Target, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address):
            if address.scope_id is not None:
                return False
            address = address.ipv4_mapped or address
        if any(address in network for network in _NEVER):
            return False
        if any(address in network for network in self.networks):
            return target.scheme == "https" or address.is_loopback
        if target.scheme != "https" or target.port != HTTPS_PORT:
            return False
        is_led_on = any(address in network for network in _LED_ON)
        return address.is_global and not address.is_multicast and not is_led_on
