"""Two commands at once, one halted after each of its locks: no ring of locks, no lost write."""

from collections.abc import Iterator

import pytest

from service.core.database import Database
from tests.broken_register import find_broken
from tests.command_pairs import PAIRS
from tests.database import migrated_database
from tests.interleaving import interleave_everywhere
from tests.town import Town


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Town.make(database)
        database.dispose()


@pytest.mark.parametrize("name", PAIRS)
def test_two_commands_at_once_end_as_one_after_the_other(town: Town, name: str) -> None:
    rounds = 0
    for outcomes in interleave_everywhere(town.database, lambda: PAIRS[name](town)):
        rounds += 1
        assert any(outcome.refused is None for outcome in outcomes), outcomes
        with town.database.reading() as session:
            assert find_broken(session) == []
    assert rounds > 3
