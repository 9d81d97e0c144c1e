"""Two counties with an address and a plate each, made anew for each test."""

from collections.abc import Iterator

import pytest

from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.office import Office, make_office


@pytest.fixture
def fresh_office(fresh_database: TestDatabase) -> Iterator[Office]:
    database = Database(fresh_database.app_url)
    yield make_office(database)
    database.dispose()
