"""Two hundred rounds of every pair of commands, halted at a lock drawn by chance: no ring of locks.

About twenty minutes on a machine that does nothing else, half of it with ``-n 2``: each process has
a town of its own.
"""

import random
from collections.abc import Iterator

import pytest

from service.audit.queries import verify_chain
from service.core.database import Database
from tests.broken_register import find_broken
from tests.command_pairs import PAIRS
from tests.database import migrated_database
from tests.interleaving import interleave
from tests.town import Town

pytestmark = pytest.mark.drill

ROUNDS, LOCKS = 200, 14


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Town.make(database)
        with database.reading() as session:
            assert verify_chain(session).is_whole
        database.dispose()


@pytest.mark.parametrize("name", PAIRS)
def test_two_hundred_rounds(town: Town, name: str) -> None:
    drawn = random.Random(name)
    for _ in range(ROUNDS):
        steps = PAIRS[name](town)
        one, other = drawn.sample(steps, 2)
        outcomes = interleave(town.database, one, other, after=drawn.randint(1, LOCKS))
        assert any(outcome.refused is None for outcome in outcomes[:2]), outcomes
    with town.database.reading() as session:
        assert find_broken(session) == []
