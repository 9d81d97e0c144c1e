"""The web server: one or several processes that answer scans, each with one for its pages."""

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
from service.core.garbage_collector import freeze_loaded_objects
from service.core.host_names import transport_headers
from service.core.http_server import configure
from service.core.logs import configure_logs
from service.core.memory import return_memory_early
from service.core.settings import Settings, get_settings
from service.core.threads import shorten_switch_interval
from service.page_process import PageProcess

PAGES_START_S = 90.0
"""So long a server that starts waits for its pages before it listens, on the slowest machine."""

FRONT_CONNECTIONS = 9
"""Of a process that answers scans, beside those of its event loop: who is known, registers."""


def run_web_server(
    database: Database,
    settings: Settings,
    place: tuple[str, int],
    make_server: Callable[[uvicorn.Config], uvicorn.Server] = uvicorn.Server,
) -> None:
    """Serve at a host and port with one process for scans, until it is told to stop.

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
    """Serve with so many processes for scans; one that dies is started again.

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
    """Build what one of several processes serves; it ends with the one that started it."""
    configure_logs()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()
    return create_served(open_database(), get_settings())


def create_served(database: Database, settings: Settings) -> Application:
    """Build what a process serves whose pages another one answers for, and ready the process."""
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
            await pages.relay.is_up(PAGES_START_S)  # scans are answered even if it is not
            yield


def _configure(app: object, place: tuple[str, int], settings: Settings) -> uvicorn.Config:
    configuration = configure(app, *place)
    configuration.headers += transport_headers(settings)
    return configuration


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os.kill(os.getpid(), signal.SIGTERM)


def _cannot_serve(place: tuple[str, int]) -> EnvironmentFault:
    host, port = place
    return EnvironmentFault(
        f"cannot serve on {host}:{port}; the line above says why",
        hint="choose another with --host or --port, or stop what listens there",
    )
