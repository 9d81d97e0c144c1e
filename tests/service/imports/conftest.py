"""A register with the shipped divisions and boundaries, emptied of addresses for each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from address_model.shipped import data_folder
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.divisions.commands import load_shipped
from tests.database import migrated_database

_TABLES = (
    "import_seen, import_waiting, place_decision, place_township, place_space, address_identifier, "
    "address_name, address_succession, address_place_name, plate, address, place_name"
)


@pytest.fixture(scope="package")
def register() -> Iterator[Database]:
    """A database with all divisions and boundaries."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            load_shipped(session, data_folder(), COMMAND_LINE)
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
