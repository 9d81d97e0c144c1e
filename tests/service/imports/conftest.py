"""A register with the shipped divisions and boundaries, emptied of addresses for each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from service.core.database import Database
from tests.database import database_with_divisions

_TABLES = (
    "import_seen, import_waiting, place_decision, place_township, place_space, address_identifier, "
    "address_name, address_succession, address_place_name, plate, address, place_name"
)


@pytest.fixture(scope="package")
def register() -> Iterator[Database]:
    """A database with all divisions and boundaries."""
    with database_with_divisions() as made:
        database = Database(made.app_url)
        yield database
        database.dispose()


@pytest.fixture
def database(register: Database) -> Iterator[Database]:
    """The same database, with an empty address register."""
    yield register
    empty(register)


def empty(database: Database) -> None:
    """Delete all addresses and places of a register; its divisions stay."""
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        session.execute(text(f"truncate {_TABLES} cascade"))
    owner.dispose()
