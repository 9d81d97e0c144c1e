"""Types and small pieces of plain ASGI, for endpoints without a framework."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import cookie_parser

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
WHOLE_RESPONSE = "menpai.whole_response"
"""The ASGI extension of our own server (``http_server``). Its ``write`` takes scope, status, the
encoded head and the body, and sends all in one write; False: send it the ordinary way."""


class ResponseHead(NamedTuple):
    """Response headers, and how they are sent: encoded once for many responses."""

    headers: Headers
    encoded: bytes

    @classmethod
    def of(cls, headers: Headers) -> "ResponseHead":
        """Encode headers, whose names are in lower case.

        Raises:
            ValueError: a header holds a line break, and would begin another (RFC 9110 §5.5).
        """
        encoded = b"".join([b"%s: %s\r\n" % one for one in headers])
        if encoded.count(b"\n") != len(headers) or encoded.count(b"\r") != len(headers):
            raise ValueError("a response header holds a line break")
        return cls(headers, encoded)

    @classmethod
    def of_texts(cls, headers: Mapping[str, str]) -> "ResponseHead":
        """Encode headers given as texts, in Latin-1 as HTTP takes them; raises as ``of``."""
        return cls.of(
            [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        )

    def with_headers(self, *more: tuple[bytes, bytes]) -> "ResponseHead":
        """The same with further headers at the end."""
        return self.joined(ResponseHead.of([*more]))

    def joined(self, more: "ResponseHead") -> "ResponseHead":
        """The same with the headers of another at the end."""
        return ResponseHead(self.headers + more.headers, self.encoded + more.encoded)

    def without(self, name: bytes) -> "ResponseHead":
        """The same without the headers of this name."""
        return ResponseHead.of([one for one in self.headers if one[0] != name])


async def send_whole(
    scope: Scope, send: Send, status: int, head: ResponseHead, body: Sequence[bytes] = ()
) -> None:
    """Send a response in one piece, of HEAD without its body; ``head`` names the body's length."""
    extension = scope.get("extensions", {}).get(WHOLE_RESPONSE)
    if extension is not None and extension["write"](scope, status, head.encoded, body):
        return
    await send({"type": "http.response.start", "status": status, "headers": head.headers})
    content = b"" if scope["method"] == "HEAD" else b"".join(body)
    await send({"type": "http.response.body", "body": content})


class HeadMiddleware:
    """Answers HEAD as GET without the body (RFC 9110 §9.3.2).

    The application behind it never sees HEAD.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Scope) -> None:
            await send({**message, "body": b""} if "body" in message else message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


def cookies_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The cookies of a request by name; of duplicates the last one."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            found |= cookie_parser(value.decode("latin-1"))
    return found
