"""Databases of their own, for the tests of the signed-in area."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.auth.permissions import Role
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import TestDatabase, database_with_divisions, migrated_database
from tests.factories.batches import make_street
from tests.factories.divisions import make_place
from tests.factories.office import insert_account


@pytest.fixture(scope="module")
def office() -> Iterator[Database]:
    """A committed database with a province, two counties and a community."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_place(session)
        yield database
        database.dispose()


@pytest.fixture
def street(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """Four doors without plates, an officer, and an approver who also is an officer."""
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, 4)
        insert_account(session, "officer", Role.OFFICER, "330102")
        insert_account(session, "colleague", Role.APPROVER, "330102")
        session.execute(
            text(
                "insert into role_assignment (account_id, role, division) "
                "select id, 'approver', '330102' from staff_account where name = 'officer'"
            )
        )
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def register() -> Iterator[Database]:
    """The shipped divisions without an address, two clerks of two counties, and a reader."""
    with database_with_divisions() as made:
        database = Database(made.app_url)
        with database.session() as session:
            insert_account(session, "clerk", Role.OFFICER, "330102000000")
            insert_account(session, "neighbour", Role.OFFICER, "330106000000")
            insert_account(session, "reader", Role.VIEWER, "330102000000")
        yield database
        database.dispose()
