"""The catalogue's JSON routes served over a session."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from service.core import problems
from service.core.query_parameters import KnownParameters, WithoutControl
from service.core.settings import Settings
from service.core.web import _reading_anywhere
from service.heritage.reconciliation.routes import router as reconciling
from service.heritage.routes import router as heritage
from service.placenames.routes import router as placenames


@contextmanager
def heritage_api(session: Session) -> Iterator[TestClient]:
    """A client of the routes of place names, heritage and reconciliation alone."""
    app = FastAPI(dependencies=[WithoutControl, KnownParameters])
    app.state.settings = Settings(public_url="https://dz.test")
    problems.install(app, lambda _, status: Response(status_code=status))
    for router in (placenames, heritage, reconciling):
        app.include_router(router, prefix="/api/v1")
    app.dependency_overrides[_reading_anywhere] = lambda: session
    with TestClient(app, follow_redirects=False) as client:
        yield client
