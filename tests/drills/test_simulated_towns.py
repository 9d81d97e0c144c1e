"""The rules of alarms on ten simulated towns that they were not tuned on; half an hour at most."""

import sys

import pytest

from service.core.database import Database
from service.core.settings import Settings
from tests.database import TestDatabase
from tests.service.alarms.scan_simulator import JUDGING_SEEDS
from tests.service.alarms.simulated_register import judge_town, write_town
from tests.service.alarms.simulated_scans import SimulatedTown

pytestmark = pytest.mark.drill


@pytest.mark.parametrize("seed", JUDGING_SEEDS)
def test_every_town_is_within_the_bars(fresh_database: TestDatabase, seed: int) -> None:
    town, database = SimulatedTown(seed), Database(fresh_database.app_url)
    write_town(database, town)
    found = judge_town(database, town, Settings())
    database.dispose()
    sys.stderr.write(f"seed {seed}: {found}\n")
    assert found.copies >= 0.9 * len(town.copies), found
    assert found.silent >= 0.8 * len(town.silent), found
    assert found.series == len(town.forgeries), found
    assert found.false_a_month <= 5, found
