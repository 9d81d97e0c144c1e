"""menpai serve: run the web service."""

from typing import Annotated

import typer
import uvicorn

from service.app import create_app
from service.cli.options import open_database
from service.core.output import say
from service.core.settings import get_settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the scan pages and the API until interrupted."""
    database = open_database()
    say(f"serving on http://{host}:{port} (stop with Ctrl+C)")
    uvicorn.run(
        create_app(database, get_settings()),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )
