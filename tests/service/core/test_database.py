from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from service.core.database import Database, Session, after_commit
from service.core.errors import DatabaseUnreachable
from tests.database import TestDatabase

INSERT = text("insert into code_space (county, key) values ('330106', 'k')")
COUNT = text("select count(*) from code_space")


def test_an_action_that_fails_after_the_commit_leaves_the_request_done(
    fresh_database: TestDatabase, capfd: pytest.CaptureFixture[str]
) -> None:
    database, done = Database(fresh_database.app_url), list[str]()

    def fail() -> None:
        raise OSError("no room for 0571-00000001")

    with database.session() as session:
        session.execute(INSERT)
        after_commit(session, fail)
        after_commit(session, lambda: done.append("second"))
    with database.reading() as session:
        assert session.scalar(COUNT) == 1
    assert done == ["second"]
    said = capfd.readouterr()
    assert "after_commit_failed" in said.out + said.err
    assert "0571-00000001" not in said.out + said.err
    database.dispose()


def test_a_connection_that_showed_a_snapshot_can_be_used_anew_on_a_standby_too(
    fresh_database: TestDatabase,
) -> None:
    """No standby begins a transaction that is said to write."""
    database = Database(fresh_database.app_url, 1)
    with database.snapshot() as session, pytest.raises(InternalError, match="read-only"):
        session.execute(INSERT)
    with database.reading() as session:
        driver = session.connection().connection.driver_connection
        assert driver is not None
        assert driver.read_only is None
    database.dispose()


def end_connections(made: TestDatabase) -> None:
    with made.cluster.connect_as_superuser() as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
            (made.name,),
        )


def test_what_was_read_before_the_connection_is_lost_is_read(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.reading() as session:
        assert session.scalar(COUNT) == 0
        end_connections(fresh_database)
    with database.snapshot() as session:
        assert session.scalar(COUNT) == 0
        end_connections(fresh_database)
    database.dispose()


@pytest.mark.parametrize("opened", [Database.reading, Database.snapshot, Database.session])
def test_a_connection_that_is_lost_is_told_as_such(
    fresh_database: TestDatabase, opened: Callable[[Database], AbstractContextManager[Session]]
) -> None:
    database = Database(fresh_database.app_url)

    def go_on_after_it(then: Callable[[Session], object]) -> None:
        with opened(database) as session:
            session.scalar(COUNT)
            end_connections(fresh_database)
            then(session)

    def fall(_: Session) -> None:
        raise LookupError

    with pytest.raises(DatabaseUnreachable):
        go_on_after_it(lambda session: session.scalar(COUNT))
    with pytest.raises(LookupError):
        go_on_after_it(fall)
    database.dispose()


def test_nothing_is_done_after_a_rollback(fresh_database: TestDatabase) -> None:
    database, done = Database(fresh_database.app_url), list[str]()

    def fail() -> None:
        with database.session() as session:
            session.execute(INSERT)
            after_commit(session, lambda: done.append("never"))
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fail()
    with database.reading() as session:
        assert session.scalar(COUNT) == 0
    assert done == []
    database.dispose()
