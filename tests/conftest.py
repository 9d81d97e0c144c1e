"""Fixtures that every test may use; the cluster behind them is made on first use."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from service.core.memory import freeze_loaded_objects
from service.core.settings import get_settings
from service.run_kinds import register_run_kinds
from service.work_subscribers import register_work_subscribers
from tests.announcements import noticing_hands
from tests.database import TestDatabase, empty_database, migrated_database, rolled_back
from tests.lock_order import watching
from tests.web_client import one_event_loop

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
"""A busy machine is no fault of what is tested."""


def pytest_collection_finish() -> None:
    """What is loaded stays: collections of garbage pass over it."""
    freeze_loaded_objects()


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees the operator's own settings, or those another test has read."""
    for name in [name for name in os.environ if name.startswith("MENPAI_")]:
        monkeypatch.delenv(name)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _run_kinds_are_known() -> None:
    """As in every process that starts, processes or steers runs, or changes work items."""
    register_run_kinds()
    register_work_subscribers()


@pytest.fixture(scope="session", autouse=True)
def _hands_are_noticed() -> Iterator[None]:
    """What a test or a fixture writes by hand need not be announced."""
    with noticing_hands():
        yield


@pytest.fixture(scope="session", autouse=True)
def _clients_share_an_event_loop() -> Iterator[None]:
    """As the requests of a server do."""
    with one_event_loop():
        yield


@pytest.fixture(autouse=True)
def _locks_in_one_order() -> Iterator[None]:
    """Whatever a command locks in a test, it locks in the one order of locks."""
    with watching() as watch:
        yield
    assert not watch.faults, "\n".join(dict.fromkeys(watch.faults))


@pytest.fixture(scope="session")
def database() -> Iterator[TestDatabase]:
    """The database of this test process, at the newest schema; use it through ``session``."""
    with migrated_database() as made:
        yield made


@pytest.fixture(scope="session")
def engine(database: TestDatabase) -> Iterator[Engine]:
    """Connections of the application's role to the database of this test process."""
    made = create_engine(database.app_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of the application's role; whatever a test does in it is rolled back."""
    with rolled_back(engine) as made:
        yield made


@pytest.fixture
def fresh_database() -> Iterator[TestDatabase]:
    """A database of its own at the newest schema, for tests that commit or use many processes."""
    with migrated_database() as made:
        yield made


@pytest.fixture
def bare_database() -> Iterator[TestDatabase]:
    """A database of its own with roles and extensions and no tables yet."""
    with empty_database() as made:
        yield made
