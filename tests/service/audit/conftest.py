"""A keyed chain with its heads in a folder of the test, and a clock that a test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.audit import commands
from service.core.database import Database
from tests.database import TestDatabase
from tests.factories.audit import Clock, keyed


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(commands, "now_utc", made)
    return made


@pytest.fixture
def register(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Database]:
    made = keyed(fresh_database.app_url, tmp_path)
    yield made
    made.dispose()
