"""The rules find what was planted in a town of ten thousand plates, on a seed not tuned on."""

from service.core.database import Database
from service.core.settings import Settings
from tests.database import TestDatabase
from tests.service.alarms.scan_simulator import JUDGING_SEEDS, TUNING_SEEDS
from tests.service.alarms.simulated_register import judge_town, write_town
from tests.service.alarms.simulated_scans import SimulatedTown


def test_copies_silent_plates_and_forgeries_are_found_and_little_else(
    fresh_database: TestDatabase,
) -> None:
    town, database = SimulatedTown(JUDGING_SEEDS[0]), Database(fresh_database.app_url)
    write_town(database, town)
    found = judge_town(database, town, Settings())
    database.dispose()
    assert found.copies >= 0.9 * len(town.copies), found
    assert found.silent >= 0.8 * len(town.silent), found
    assert found.series == len(town.forgeries), found
    assert found.false_a_month <= 5, found


def test_no_seed_is_tuned_on_and_judged() -> None:
    assert not set(TUNING_SEEDS) & set(JUDGING_SEEDS)
