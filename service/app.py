"""The web application, put together from top to bottom: database, errors, headers, routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.middleware.base import RequestResponseEndpoint

from service import api
from service.core import health, problems
from service.core.database import Database
from service.core.settings import Settings
from service.scans import pages

STATIC = Path(__file__).parent / "static"

DESCRIPTION = """\
Standard addresses, plates and divisions. Send an API key as `Authorization: Bearer mp_…`;
errors are problem documents (RFC 9457); geometries are GeoJSON in degrees, EPSG:4490."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def create_app(database: Database, settings: Settings) -> FastAPI:
    """Build the application over a database."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        database.dispose()

    app = FastAPIOffline(
        title="Menpai", description=DESCRIPTION, version="1", lifespan=lifespan, redoc_url=None
    )
    app.state.database = database
    app.state.settings = settings
    problems.install(app, pages.error_page)
    app.middleware("http")(_add_headers)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(health.router)
    app.include_router(api.router)
    app.include_router(pages.router)
    return app


async def _add_headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
