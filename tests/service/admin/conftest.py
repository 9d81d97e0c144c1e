"""A database of its own with divisions, for the tests of the signed-in area."""

from collections.abc import Iterator

import pytest

from service.core.database import Database
from tests.database import migrated_database
from tests.factories.divisions import make_place


@pytest.fixture(scope="module")
def office() -> Iterator[Database]:
    """A committed database with a province, two counties and a community."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            make_place(session)
        yield database
        database.dispose()
