"""A register with a feed that has begun, and a receiver on this machine."""

from collections.abc import Iterator

import pytest

from service.core.database import Database
from tests.database import TestDatabase
from tests.factories import make_place
from tests.factories.receivers import Receiver, opened_receiver
from tests.factories.webhooks import tell


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    made = Database(fresh_database.app_url)
    with made.session() as session:
        make_place(session)
    tell(made, "0")
    yield made
    made.dispose()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with opened_receiver() as made:
        yield made
