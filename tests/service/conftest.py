"""The shipped catalogue over the shipped divisions, loaded once for all tests that read it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from address_model.shipped import data_folder
from service.core.actor import COMMAND_LINE
from service.divisions import commands as divisions
from service.divisions.sources import read_divisions
from service.heritage.commands import load_catalogue
from service.heritage.seed import Seed, read_seed
from tests.database import migrated_database, rolled_back


@pytest.fixture(scope="session")
def seed() -> Seed:
    return read_seed(data_folder() / "heritage")


@pytest.fixture(scope="session")
def catalogue_engine(seed: Seed) -> Iterator[Engine]:
    """Connections to a database of its own that holds divisions and catalogue."""
    with migrated_database() as made:
        engine = create_engine(made.app_url)
        lists = data_folder() / "divisions" / "zj_divisions_2023.csv.gz"
        with Session(engine) as session:
            divisions.load_divisions(session, read_divisions(lists), "nbs", "2023")
            load_catalogue(session, seed.entries, seed.schemes, COMMAND_LINE)
            session.commit()
        yield engine
        engine.dispose()


@pytest.fixture
def catalogue(catalogue_engine: Engine) -> Iterator[Session]:
    """A session over the loaded catalogue; whatever a test does in it is rolled back."""
    with rolled_back(catalogue_engine) as made:
        yield made
