"""Sends one message over HTTP/1.1: to an address that was judged, without redirects, within a time.

Only the status of the answer is read: what a receiver writes back is of no use, and never shown.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from service.webhooks.targets import Reach, Target, TargetRefused

PATIENCE_S = 10.0
"""For all of it: the name, the connection, the answer."""

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_MOST_HEAD = 16 << 10


class SendFault(StrEnum):
    """What went wrong with an attempt; "" is nothing."""

    NONE = ""
    FORBIDDEN = "forbidden"
    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    OVERDUE = "overdue"
    GARBLED = "garbled"
    REDIRECT = "redirect"
    REFUSED = "refused"
    GONE = "gone"
    UNSIGNED = "unsigned"
    """No secret is known any more."""


FAULT_NAMES: Mapping[SendFault, str] = {
    SendFault.FORBIDDEN: "网址指向不允许访问的网络",
    SendFault.NAME: "域名解析不到",
    SendFault.CONNECTION: "连接不上，或中途断开",
    SendFault.CERTIFICATE: "证书无效",
    SendFault.OVERDUE: f"{PATIENCE_S:.0f} 秒内没有应答",
    SendFault.GARBLED: "应答不是 HTTP",
    SendFault.REDIRECT: "对方要求跳转，不跟随",
    SendFault.REFUSED: "对方没有收下",
    SendFault.GONE: "对方答复不再接收（410）",
    SendFault.UNSIGNED: "签名密钥已失效，须更换",
}

_FAULTS = (
    (TargetRefused, SendFault.FORBIDDEN),
    (TimeoutError, SendFault.OVERDUE),
    (socket.gaierror, SendFault.NAME),
    (ssl.SSLError, SendFault.CERTIFICATE),
    (OSError, SendFault.CONNECTION),
    (ValueError, SendFault.GARBLED),  # a line that passes the limit of the reader
)
"""What each exception means; the first that fits."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; ``status`` is that of the answer, None without one."""

    fault: SendFault
    status: int | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.fault is SendFault.NONE


Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host name for a port."""


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, by the resolver of the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Transport:
    """Sends messages within a reach; ``context`` checks certificates."""

    reach: Reach
    context: ssl.SSLContext
    resolve: Resolve = resolve_name
    patience_s: float = PATIENCE_S

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send a JSON body; says how it ended, and never raises for what the receiver does."""
        try:
            target = self.reach.read(url)
            async with asyncio.timeout(self.patience_s):
                addresses = await self.resolve(target.host, target.port)
                address = self.reach.choose(target, addresses)
                return await self._exchange(target, address, headers, body)
        except tuple(kind for kind, _ in _FAULTS) as error:
            return Outcome(next(fault for kind, fault in _FAULTS if isinstance(error, kind)))

    async def _exchange(
        self, target: Target, address: str, headers: Mapping[str, str], body: bytes
    ) -> Outcome:
        is_https = target.scheme == "https"
        reader, writer = await asyncio.open_connection(
            address,
            target.port,
            limit=_MOST_HEAD,
            ssl=self.context if is_https else None,
            server_hostname=target.host if is_https else None,
        )
        try:
            sent = {"Host": target.host_header} | dict(headers)
            sent |= {"Content-Length": str(len(body)), "Connection": "close"}
            lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
            writer.write(f"POST {target.path} HTTP/1.1\r\n{lines}\r\n".encode("ascii") + body)
            # a receiver may answer before it has read everything: do not wait for the writing
            status = HTTPStatus.CONTINUE.value
            while status < HTTPStatus.OK:  # interim answers, each with its own headers
                line = await reader.readline()
                found = _STATUS_LINE.fullmatch(line)
                if found is None:
                    return Outcome(SendFault.GARBLED if line else SendFault.CONNECTION)
                status = int(found[1])
                while status < HTTPStatus.OK and (await reader.readline()).strip():
                    pass
        finally:
            writer.transport.abort()
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return Outcome(SendFault.NONE, status)
        if status == HTTPStatus.GONE:
            return Outcome(SendFault.GONE, status)
        is_redirect = status < HTTPStatus.BAD_REQUEST
        return Outcome(SendFault.REDIRECT if is_redirect else SendFault.REFUSED, status)
