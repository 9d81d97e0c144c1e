"""What every FastAPI route shares: the database session of a request."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from service.core.database import Database
from service.core.settings import Settings


def database_of(request: Request) -> Database:
    """The database the application was built with."""
    database = request.app.state.database
    assert isinstance(database, Database)  # noqa: S101 - set by create_app
    return database


def settings_of(request: Request) -> Settings:
    """The settings the application was built with."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)  # noqa: S101 - set by create_app
    return settings


def _reading(request: Request) -> Iterator[Session]:
    with database_of(request).reading() as session:
        yield session


ReadSession = Annotated[Session, Depends(_reading)]
"""A session that only reads, for one request."""


def _writing(request: Request) -> Iterator[Session]:
    with database_of(request).session() as session:
        yield session


WriteSession = Annotated[Session, Depends(_writing, scope="function")]
"""A transaction for one request: committed before the answer is sent, rolled back on any error."""
