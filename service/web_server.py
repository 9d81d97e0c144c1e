"""The web server: one or several processes that answer scans, each with a child for pages."""

import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from service.app import Application, create_front
from service.cli.options import open_database
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.host_names import transport_headers
from service.core.http_server import configure
from service.core.logs import configure_logs
from service.core.memory import freeze_loaded_objects, return_memory_early
from service.core.settings import Settings, get_settings
from service.core.threads import shorten_switch_interval
from service.page_process import PageProcess

PAGES_START_S = 90.0
"""How long a starting server waits for its page process before it listens, in seconds."""

FRONT_CONNECTIONS = 9
"""The database pool of a process that answers scans, beside its async pools."""


def run_web_server(
    database: Database,
    settings: Settings,
    place: tuple[str, int],
    make_server: Callable[[uvicorn.Config], uvicorn.Server] = uvicorn.Server,
) -> None:
    """Serve at a host and port with one process for scans, until stopped.

    Raises:
        EnvironmentFault: it cannot listen there.
    """
    server = make_server(_configure(create_served(database, settings), place, settings))
    try:
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        raise _cannot_serve(place)


def run_web_servers(settings: Settings, place: tuple[str, int], workers: int) -> None:
    """Serve with several processes for scans, which are restarted when they die.

    Raises:
        EnvironmentFault: it cannot listen there.
    """
    configuration = _configure("service.web_server:create_worker", place, settings)
    configuration.factory, configuration.workers = True, workers
    try:
        listening = configuration.bind_socket()
    except SystemExit:
        raise _cannot_serve(place) from None
    Multiprocess(configuration, sockets=[listening]).run()


def create_worker() -> Application:
    """Build the application of one of several processes; it ends with its parent."""
    configure_logs()
    parent = multiprocessing.parent_process()

    def end_with_parent() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    if parent is not None:
        threading.Thread(target=end_with_parent, daemon=True).start()
    return create_served(open_database(), get_settings())


def create_served(database: Database, settings: Settings) -> Application:
    """Tune this process for scans, and build its application with a child process for pages."""
    shorten_switch_interval()
    return_memory_early()
    pages = PageProcess()
    application = create_front(database.for_serving(FRONT_CONNECTIONS), settings, pages.relay)
    router = application.fastapi.router
    router.lifespan_context = partial(_with_pages, pages, router.lifespan_context)
    freeze_loaded_objects()
    return application


@asynccontextmanager
async def _with_pages(
    pages: PageProcess,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]],
    app: FastAPI,
) -> AsyncIterator[None]:
    with pages.running():
        async with lifespan(app):
            await pages.relay.is_up(PAGES_START_S)  # scans are answered even if it fails
            yield


def _configure(app: object, place: tuple[str, int], settings: Settings) -> uvicorn.Config:
    configuration = configure(app, *place)
    configuration.headers += transport_headers(settings)
    return configuration


def _cannot_serve(place: tuple[str, int]) -> EnvironmentFault:
    host, port = place
    return EnvironmentFault(
        f"cannot serve on {host}:{port}; the line above says why",
        hint="choose another with --host or --port, or stop what listens there",
    )
