"""menpai serve: run the web service."""

from contextlib import nullcontext
from typing import Annotated

import typer

from service.cli.options import open_database
from service.cli.production import require_production
from service.cli.worker import COMMAND
from service.cluster.watch import watched_cluster
from service.core.child_process import supervised_process
from service.core.output import say
from service.core.settings import get_settings
from service.web_server import run_web_server, run_web_servers


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    *,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            max=64,
            help="Processes that answer scans, each with a pages process; "
            "one for every two cores is a good number.",
        ),
    ] = 1,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Start no worker; see `menpai worker`.")
    ] = False,
) -> None:
    """Serve the scan pages and the API until interrupted, with one worker beside it."""
    database, settings = open_database(), get_settings()
    require_production(settings, database)
    say(f"serving on http://{host}:{port} (stop with Ctrl+C)")
    with watched_cluster(settings), nullcontext() if no_worker else supervised_process(COMMAND):
        if workers == 1:
            run_web_server(database, settings, (host, port))
        else:
            run_web_servers(settings, (host, port), workers)
