"""The process that serves pages and the API, as a child of one that answers scans.

Scans must not wait for page rendering, and only another process has another GIL. It runs at a lower
priority than scans, and ends with its parent.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from service.app import create_pages
from service.core import problems
from service.core.child_process import supervised_process
from service.core.database import DATABASE_ERRORS, Database
from service.core.error_boundary import ErrorBoundary
from service.core.errors import MenpaiError
from service.core.http_server import LAST_ANSWERS_SECONDS
from service.core.relay import BUFFER_BYTES, Relay, RelayedServer
from service.core.settings import Settings
from service.scans.queries.door_search import find_doors

COMMAND = "pages"
NICENESS = 10
"""Between scans (0) and background computations."""

_WARM_AFTER_S = 10.0
"""Scans and pages that wait for the start of the server come first."""


class PageProcess:
    """The child process, as seen by its parent; ``relay`` forwards requests to it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="menpai-")
        self._socket = Path(self._folder.name) / "pages"
        self.relay = Relay(self._socket)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep it running while the block runs; it inherits the environment."""
        with self._folder, supervised_process((COMMAND, str(self._socket)), NICENESS):
            yield


async def run_pages(database: Database, settings: Settings, path: Path) -> None:
    """Serve at a socket until SIGTERM, then finish running requests."""
    app = create_pages(database, settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C is handled by the parent
    server = RelayedServer(ErrorBoundary(app, partial(problems.refuse, app)))
    async with app.router.lifespan_context(app):
        listening = await asyncio.start_unix_server(server.answer, path, limit=BUFFER_BYTES)
        warming = asyncio.create_task(_warm(database))
        await stopping.wait()
        warming.cancel()
        listening.close()
        await server.finish(LAST_ANSWERS_SECONDS)


async def _warm(database: Database) -> None:
    """Load what the first search for a door would otherwise wait for, for seconds."""
    await asyncio.sleep(_WARM_AFTER_S)
    with suppress(MenpaiError, *DATABASE_ERRORS):
        await asyncio.to_thread(_search_once, database)


def _search_once(database: Database) -> None:
    with database.reading() as session:
        find_doors(session, "人民路1号")
