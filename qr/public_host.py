"""Checks whether the host of a QR code can be opened by any phone on the internet."""

import ipaddress
import re
import socket
from enum import StrEnum
from urllib.parse import urlsplit

EXAMPLE = "https://mp.hangzhou.gov.cn"
"""An example of a public address, for messages."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_RESERVED = (
    "alt", "example.com", "example.net", "example.org", "home.arpa", "internal", "invalid", "lan",
    "local", "localhost", "onion", "test",
)  # fmt: skip
"""Names that the public DNS never resolves (RFC 2606, 6761, 6762, 7686, 8375, 9476; .internal is
ICANN's, .lan a habit of routers). ``.example`` is left out: it stands for a public host in tests.
"""


class HostFault(StrEnum):
    """Why phones cannot open a host, or not safely."""

    UNSET = "unset"
    MALFORMED = "malformed"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link_local"
    PRIVATE = "private"
    NUMBER = "number"
    SINGLE_LABEL = "single_label"
    RESERVED = "reserved"
    HTTP = "http"


LOCAL = frozenset(
    {
        HostFault.LOOPBACK,
        HostFault.LINK_LOCAL,
        HostFault.PRIVATE,
        HostFault.SINGLE_LABEL,
        HostFault.RESERVED,
    }
)
"""Hosts that the internet cannot reach: for local trials only, where http is allowed too."""


def find_host_fault(url: str) -> HostFault | None:
    """Return what is wrong with a public URL, or with the beginning of a printed QR code.

    None means an https address under a public DNS name. Case is ignored.
    """
    if not url.strip():
        return HostFault.UNSET
    try:
        parts = urlsplit(url.strip().lower())
        host = (parts.hostname or "").removesuffix(".")
        _ = parts.port
    except ValueError:
        return HostFault.MALFORMED
    if parts.scheme not in ("http", "https") or not host:
        return HostFault.MALFORMED
    fault: HostFault | None
    if ":" in host or _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        fault = _fault_of_address(host)
    elif not _NAME.fullmatch(host):
        fault = HostFault.MALFORMED
    elif any(host == name or host.endswith(f".{name}") for name in _RESERVED):
        fault = HostFault.LOOPBACK if host.endswith("localhost") else HostFault.RESERVED
    else:
        fault = None if "." in host else HostFault.SINGLE_LABEL
    return HostFault.HTTP if fault is None and parts.scheme == "http" else fault


def readable_address(url: str) -> str:
    """The address as the browser shows it after a scan: the host in lower case, then …"""
    return f"{url.strip().lower().rstrip('/')}/…"


def _fault_of_address(host: str) -> HostFault:
    """The fault of an IP address; browsers also accept 127.1 and 0x7f000001 as such."""
    try:
        address = ipaddress.ip_address(host if ":" in host else socket.inet_aton(host))
    except (OSError, ValueError):
        return HostFault.MALFORMED
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback or address.is_unspecified:
        return HostFault.LOOPBACK
    if address.is_link_local:
        return HostFault.LINK_LOCAL
    return HostFault.NUMBER if address.is_global else HostFault.PRIVATE
