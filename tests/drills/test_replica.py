"""Eight writers over every command, a replica killed ten times: equal row by row, no deadlock.

About six minutes.
"""

from pathlib import Path

import pytest

from tests.database import TestDatabase
from tests.replica_round import play

pytestmark = pytest.mark.drill


def test_a_replica_that_is_killed_ten_times_equals_the_register(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    tally = play(fresh_database.app_url, tmp_path / "replica", writers=8, seconds=300, kills=10)
    print(f"{tally.outcomes.total()} commands, {len(tally.deadlocks)} deadlocks")  # noqa: T201
    assert tally.deadlocks == []
