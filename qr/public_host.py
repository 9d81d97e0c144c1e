"""Judges whether what a QR code begins with can be opened by a stranger's phone, anywhere."""

import ipaddress
import re
import socket
from enum import StrEnum
from urllib.parse import urlsplit

EXAMPLE = "https://mp.hangzhou.gov.cn"
"""What a public address looks like, for messages that ask for one."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_RESERVED = (
    "alt", "example.com", "example.net", "example.org", "home.arpa", "internal", "invalid", "lan",
    "local", "localhost", "onion", "test",
)  # fmt: skip
"""Names that the public DNS never leads to (RFC 2606, 6761, 6762, 7686, 8375, 9476; .internal is
ICANN's, .lan a habit of routers). ``.example`` is left out: it stands for a public host in tests.
"""


class HostFault(StrEnum):
    """Why nobody's phone opens it, or not safely."""

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
"""Hosts that the internet cannot reach: fit for a trial on the spot, there also by http."""


def find_host_fault(url: str) -> HostFault | None:
    """Say what is wrong with a public URL, or with the beginning of a printed QR code.

    None is an https address under a name of the public DNS. Letters' case makes no difference.
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
    fault = _fault_of_host(host)
    return HostFault.HTTP if fault is None and parts.scheme == "http" else fault


def readable_address(url: str) -> str:
    """What a person sees in the browser after a scan: the beginning in lower case, then …"""
    return f"{url.strip().lower().rstrip('/')}/…"


def _fault_of_host(host: str) -> HostFault | None:
    if ":" in host or _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        return _fault_of_address(host)
    if not _NAME.fullmatch(host):
        return HostFault.MALFORMED
    if any(host == name or host.endswith(f".{name}") for name in _RESERVED):
        return HostFault.LOOPBACK if host.endswith("localhost") else HostFault.RESERVED
    return None if "." in host else HostFault.SINGLE_LABEL


def _fault_of_address(host: str) -> HostFault:
    """Of a number instead of a name; browsers read 127.1 and 0x7f000001 as addresses too."""
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
