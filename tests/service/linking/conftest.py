"""A register for commands that commit."""

from collections.abc import Iterator

import pytest

from service.core.database import Database
from service.linking.commands import forget_covers
from tests.database import TestDatabase


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    """A register of its own, for commands that commit."""
    database = Database(fresh_database.app_url)
    yield database
    database.dispose()
    forget_covers()
