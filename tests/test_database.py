import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from migrations import run
from tests.database import TestDatabase


def count_counties(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM code_space")).scalar_one())


@pytest.mark.parametrize("_round", [1, 2])
def test_what_a_test_writes_in_its_session_is_gone_for_the_next(
    session: Session, _round: int
) -> None:
    assert count_counties(session) == 0
    session.execute(text("INSERT INTO code_space (county, key) VALUES ('330106', 'k')"))
    session.commit()
    assert count_counties(session) == 1


def test_a_session_works_as_the_application(session: Session) -> None:
    assert session.execute(text("SELECT current_user")).scalar_one() == "menpai_app"
    with pytest.raises(Exception, match="permission denied"):
        session.execute(text("DELETE FROM audit_entry"))


def test_a_fresh_database_is_its_own_and_migrated(
    fresh_database: TestDatabase, database: TestDatabase
) -> None:
    assert fresh_database.name != database.name
    assert run.find_current(fresh_database.owner_url) == run.head()


def test_a_bare_database_has_extensions_and_no_tables(bare_database: TestDatabase) -> None:
    assert run.find_current(bare_database.owner_url) is None
    with psycopg.connect(bare_database.app_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT postgis_lib_version()").fetchone()
