import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from service.core.database import Database, after_commit
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
