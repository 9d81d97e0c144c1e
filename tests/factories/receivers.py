"""A receiver of webhooks on this machine, which can be made to misbehave."""

import json
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from menpai.client.signatures import HEADER, verify_signature
from service.webhooks.targets import Reach
from service.webhooks.transport import Transport

LOOPBACK = Reach.of(["127.0.0.0/8"])


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """Its body."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    def is_signed_by(self, secret: str) -> bool:
        """Whether its receiver would take it."""
        header = self.headers[HEADER]
        at = int(header.partition(",")[0].removeprefix("t="))
        return verify_signature(secret, header, self.body, at)


@dataclass
class Receiver:
    """What came, and how it is answered: ``answer`` writes raw bytes, or nothing."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    status: int = 204
    location: str = ""
    before_answer: Callable[[], object] = lambda: None
    raw: bytes | None = None

    @property
    def positions(self) -> list[int]:
        """The positions of the changes that came, in their order."""
        return [change["position"] for one in self.got for change in one.said["changes"]]


@contextmanager
def opened_receiver(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port, with TLS if a context is given."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            receiver.got.append(Got(self.path, dict(self.headers.items()), body))
            receiver.before_answer()
            if receiver.raw is not None:
                self.wfile.write(receiver.raw)
                return
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - a name of the library

        def log_message(self, *_: object) -> None:
            """Nothing is written on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if context else "http"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def make_transport(
    *,
    reach: Reach = LOOPBACK,
    patience_s: float = 5.0,
    resolve_to: Sequence[str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Transport:
    """A transport that reaches this machine; ``resolve_to`` is what every name resolves to."""

    async def resolve(host: str, _: int) -> Sequence[str]:
        return [host] if resolve_to is None else resolve_to

    return Transport(reach, context or ssl.create_default_context(), resolve, patience_s)
