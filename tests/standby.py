"""A second database that stands for a hot standby: it takes no writes and lags as a test wishes.

It is a copy that replays nothing by itself; what a test writes into it by ``write_beside`` it has
replayed. A real standby is in ``tests/drills/test_standby.py``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from service.cluster.databases import clone_database, drop_database
from service.core.database import Database, Session
from tests.database import TestDatabase

_numbers = count(1)


@dataclass
class HeardFeed:
    """What a process has heard of the feed, as a test says it."""

    position: int | None = None
    hears: bool = True


@contextmanager
def standby_of(database: TestDatabase) -> Iterator[TestDatabase]:
    """Give a copy of a database that nobody is connected to; its sessions are read-only."""
    name = f"{database.name}_standby_{next(_numbers)}"
    with database.cluster.connect_as_superuser() as superuser:
        clone_database(superuser, database.name, name)
        superuser.execute(f"alter database {name} set default_transaction_read_only = on")
    try:
        yield TestDatabase(name, database.cluster)
    finally:
        with database.cluster.connect_as_superuser() as superuser:
            drop_database(superuser, name)


def write_beside(url: str, write: Callable[[Session], object]) -> None:
    """Write into a database with connections that are closed again, read-only or not."""
    mark = "&" if "?" in url else "?"
    database = Database(f"{url}{mark}options=-c%20default_transaction_read_only%3Doff")
    try:
        with database.session() as session:
            write(session)
    finally:
        database.dispose()


@contextmanager
def away(database: TestDatabase) -> Iterator[None]:
    """The database throws everybody out and lets nobody in."""
    with database.cluster.connect_as_superuser() as superuser:
        superuser.execute(f"alter database {database.name} allow_connections false")
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
            (database.name,),
        )
        try:
            yield
        finally:
            superuser.execute(f"alter database {database.name} allow_connections true")
