"""Whoever waits on a server that hangs is freed from outside."""

import threading
import time

import pytest
from sqlalchemy import text

from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.open_connections import OpenConnections
from tests.database import TestDatabase

HANGS = text("select pg_sleep(120)")


def test_who_waits_is_freed_and_the_pool_goes_on(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    connections, begun = OpenConnections(database.engine), time.monotonic()
    timer = threading.Timer(0.5, connections.break_off)
    timer.start()

    def wait() -> None:
        with database.reading() as session:
            session.execute(HANGS)

    with pytest.raises(DatabaseUnreachable):
        wait()
    assert time.monotonic() - begun < 60
    connections.break_off()  # those that are closed already do no harm
    with database.reading() as session:
        assert session.scalar(text("select 1")) == 1
    database.dispose()
    connections.break_off()
