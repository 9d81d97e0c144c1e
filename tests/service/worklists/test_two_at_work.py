"""Inspections are opened while a door ends: none is left open at an ended address."""

from datetime import date

from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.worklists.commands import open_inspections
from service.worklists.drafts import InspectionPlan
from tests.broken_register import find_broken
from tests.database import TestDatabase
from tests.interleaving import Step, interleave_everywhere
from tests.town import Town, retire

PLAN = InspectionPlan(2026, "330102", date(2026, 12, 31))


def test_no_inspection_is_left_open_at_a_door_that_ends_meanwhile(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    town = Town.make(database)

    def make() -> tuple[Step, Step]:
        (code,) = town.enter()
        town.hang(code)
        return lambda s: open_inspections(s, PLAN, ME), retire(code)

    for outcomes in interleave_everywhere(database, make):
        assert [outcome.refused for outcome in outcomes] == [None, None]
        with database.reading() as session:
            assert find_broken(session) == []
    database.dispose()
