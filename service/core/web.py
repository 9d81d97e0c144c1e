"""What every FastAPI route shares: the database session of a request."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from service.core.database import Database


def database_of(request: Request) -> Database:
    """The database the application was built with."""
    database = request.app.state.database
    assert isinstance(database, Database)  # noqa: S101 - set by create_app
    return database


def _reading(request: Request) -> Iterator[Session]:
    with database_of(request).reading() as session:
        yield session


ReadSession = Annotated[Session, Depends(_reading)]
"""A session that only reads, for one request."""
