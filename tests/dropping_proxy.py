"""A proxy that loses changes: it passes on what is asked, and drops some changes from the feed."""

import http.client
import json
import random
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass
class DroppingProxy:
    """Its own URL, and the positions it has dropped."""

    url: str
    dropped: list[int] = field(default_factory=list)


@contextmanager
def dropping(base: str, chance: float, start: int = 1) -> Iterator[DroppingProxy]:
    """Pass requests on to a service until the block ends; changes get lost by chance."""
    target, drawn = urlsplit(base), random.Random(start)
    proxy = DroppingProxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            passed = {k: v for k, v in self.headers.items() if k.lower() in PASSED}
            with closing(
                http.client.HTTPConnection(str(target.hostname), target.port, timeout=130)
            ) as other:
                other.request("GET", self.path, headers=passed)
                answer = other.getresponse()
                body = answer.read()
            if self.path.startswith("/api/v1/changes") and answer.status == 200:
                body = self.thinned(body)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # whoever asked has been killed
                self.end_headers()
                self.wfile.write(body)

        def thinned(self, body: bytes) -> bytes:
            page = json.loads(body)
            lost = [one for one in page["changes"] if drawn.random() < chance]
            proxy.dropped += [one["position"] for one in lost]
            page["changes"] = [one for one in page["changes"] if one not in lost]
            return json.dumps(page).encode()

        def log_message(self, *_: Any) -> None:
            """It says nothing."""

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PASSED = {"authorization", "x-api-key", "accept", "user-agent"}
HOP_BY_HOP = {"content-length", "transfer-encoding", "connection", "date"}
