"""The interleaving of two transactions shows a ring of locks and a lost write."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from service.core.database import Database, Session
from tests.database import TestDatabase
from tests.interleaving import Step, interleave, interleave_everywhere

LOCK = text("select key from code_space where county = :c for update")
SEE = text("select counter from code_space where county = :c")
SET = text("update code_space set counter = :n where county = :c")


@pytest.fixture
def database(fresh_database: TestDatabase) -> Database:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        for county in ("000001", "000002"):
            session.execute(
                text("insert into code_space (county, key) values (:c, '')"), {"c": county}
            )
    return database


def locks(*counties: str) -> Step:
    def step(session: Session) -> None:
        for county in counties:
            session.execute(LOCK, {"c": county})

    return step


def raises(session: Session) -> int:
    """A command that judges what it has not locked."""
    held = session.scalar(SEE, {"c": "000001"}) or 0
    session.execute(LOCK, {"c": "000002"})
    session.execute(SET, {"c": "000001", "n": held + 1})
    return held


def test_two_who_lock_in_opposite_order_are_found(database: Database) -> None:
    there, back = locks("000001", "000002"), locks("000002", "000001")
    with pytest.raises(OperationalError, match="deadlock"):
        interleave(database, there, back, after=1)
    assert interleave(database, there, there, after=1)[2]
    database.dispose()


def test_a_write_over_what_was_not_locked_is_lost_in_some_interleaving(database: Database) -> None:
    seen = [
        {outcome.result for outcome in outcomes}
        for outcomes in interleave_everywhere(database, lambda: (raises, raises))
    ]
    assert any(len(both) == 1 for both in seen), "both saw the same and one write is gone"
    assert any(len(both) == 2 for both in seen)
    database.dispose()
