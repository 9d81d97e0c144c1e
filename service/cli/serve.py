"""menpai serve: run the web service."""

from contextlib import nullcontext, suppress
from typing import Annotated

import typer
import uvicorn

from service.app import create_app
from service.cli.options import open_database
from service.cli.production import require_production
from service.cli.worker import COMMAND
from service.core.cluster_watch import watched_cluster
from service.core.companion import companion
from service.core.faults import EnvironmentFault
from service.core.garbage import spare_the_loaded
from service.core.host_names import transport_headers
from service.core.http_server import configure
from service.core.output import say
from service.core.settings import get_settings
from service.core.threads import yield_soon
from service.passages import CONNECTIONS


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    *,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Start no worker beside it; see `menpai worker`.")
    ] = False,
) -> None:
    """Serve the scan pages and the API until interrupted, with one worker beside it."""
    database, settings = open_database(), get_settings()
    require_production(settings, database)
    say(f"serving on http://{host}:{port} (stop with Ctrl+C)")
    yield_soon()
    app = create_app(database.for_serving(CONNECTIONS), settings)
    spare_the_loaded()
    with watched_cluster(settings), nullcontext() if no_worker else companion(COMMAND):
        configuration = configure(app, host, port)
        configuration.headers += transport_headers(settings)
        server = uvicorn.Server(configuration)
        with suppress(KeyboardInterrupt):
            server.run()
    if not server.started:
        raise EnvironmentFault(
            f"cannot serve on {host}:{port}; the line above says why",
            mend="choose another with --host or --port, or stop what listens there",
        )
