"""A street of ten doors with its officer in a database of its own, and one of four to write in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.queries.batches import BatchRow
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import TestDatabase
from tests.factories.batches import make_batch_request, make_member, make_street, start_batch


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files of batches go."""
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    return tmp_path


@pytest.fixture
def street(fresh_database: TestDatabase, home: Path) -> Iterator[Database]:
    """Ten doors without plates."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, 10)
    yield database
    database.dispose()


@pytest.fixture
def officer(street: Database) -> StaffMember:
    """Who asks for batches in the street."""
    with street.session() as session:
        return make_member(session, "officer", Role.OFFICER)


@pytest.fixture
def start(street: Database, officer: StaffMember) -> Callable[..., BatchRow]:
    """Start a batch of the street with these differences from the standard request."""

    def start_it(**changes: object) -> BatchRow:
        with street.session() as session:
            return start_batch(session, make_batch_request(**changes), officer)

    return start_it


@pytest.fixture
def codes(session: Session) -> list[str]:
    """Four doors without plates, gone after the test."""
    return make_street(session, 4)


@pytest.fixture
def clerk(session: Session) -> StaffMember:
    """Who asks for batches of the four doors."""
    return make_member(session, "officer", Role.OFFICER, division="330102")
