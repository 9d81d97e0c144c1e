"""Whoever follows the feed from a snapshot holds the register, row by row: a short round."""

from pathlib import Path

from tests.database import TestDatabase
from tests.replica_round import play


def test_a_replica_that_is_killed_twice_equals_the_register(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    tally = play(fresh_database.app_url, tmp_path / "replica", writers=4, seconds=10, kills=2)
    assert tally.deadlocks == []
    assert tally.outcomes.total() > 20
