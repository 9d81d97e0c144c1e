"""What `menpai check` and `serve` ask of the standby: is it this register, and does it keep up."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TypeVar

from service.changes.queries import get_last_position, is_same_feed
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.settings import Settings
from service.integrity.queries import is_replica

T = TypeVar("T")
LAG_S = 2.0
"""So long a change may take to the standby."""


def find_foreign_register(settings: Settings, database: Database) -> str:
    """Whether what is read as the standby is another register; one that is away is no fault."""
    with (
        _standby_of(settings, database) as standby,
        database.reading() as session,
        suppress(DatabaseUnreachable),
    ):
        if standby is not None:
            with standby.reading() as other:
                is_same = is_same_feed(session, other)
            return "" if is_same else "MENPAI_READ_DATABASE_URL is another register"
    return ""


def find_standby_lag(settings: Settings, database: Database) -> str:
    """What the standby lacks after two seconds, or nothing.

    Raises:
        DatabaseUnreachable: it does not answer.
    """
    with database.reading() as session:
        wanted = get_last_position(session)
    with _standby_of(settings, database) as standby:
        deadline = time.monotonic() + LAG_S
        while standby is not None:
            with standby.reading() as session:
                if not is_replica(session):
                    return "what MENPAI_READ_DATABASE_URL names replays nothing; it was promoted"
                missing = wanted - get_last_position(session)
            if missing <= 0 or time.monotonic() > deadline:
                return f"it lacks {missing:,} changes" if missing > 0 else ""
            time.sleep(0.1)
    return ""


def ask_either(settings: Settings, database: Database, ask: Callable[[Database], T]) -> T:
    """Ask the database, or its standby while that is away.

    Raises:
        DatabaseUnreachable: neither answers.
    """
    try:
        return ask(database)
    except DatabaseUnreachable:
        with _standby_of(settings, database) as standby:
            if standby is None:
                raise
            return ask(standby)


@contextmanager
def _standby_of(settings: Settings, database: Database) -> Iterator[Database | None]:
    if settings.read_database_url is None:
        yield None
        return
    standby = replace(database, url=settings.read_database_url)
    try:
        yield standby
    finally:
        standby.dispose()
