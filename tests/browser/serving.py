"""An application served over HTTP on this machine, for a browser to open."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from service.core.http_server import configure


@contextmanager
def serve(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a free port until the block ends; its URL."""
    server = uvicorn.Server(configure(app, "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)
