"""Checks of the standby for `menpai check` and `serve`: is it this register, does it keep up."""

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
"""How long a change may take to reach the standby, in seconds."""


def find_foreign_register(settings: Settings, database: Database) -> str:
    """An error if the standby is another register, or ""; one that is away is no error."""
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
    """What the standby still lacks after two seconds, or "".

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
    """Query the database, or its standby while it is away.

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
