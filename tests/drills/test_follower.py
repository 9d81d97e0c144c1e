"""Copies of 50,000 changes by eight writers, killed ten times, one change in a hundred lost.

Into PostgreSQL, SQLite and DuckDB, and of one township: equal row by row. About ten minutes.
"""

from pathlib import Path

import pytest

from service.core.settings import get_settings
from tests.database import TestDatabase, empty_database
from tests.follower_round import play
from tests.town import TOWNSHIP

pytestmark = pytest.mark.drill
CHANGES = 50_000


def test_copies_that_are_killed_ten_times_equal_the_register(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    with empty_database() as other:
        copies = [
            (other.owner_url, ""),
            (f"sqlite:///{tmp_path}/copy.sqlite", ""),
            (f"duckdb:///{tmp_path}/copy.duckdb", ""),
            (f"sqlite:///{tmp_path}/township.sqlite", TOWNSHIP),
        ]
        found = play(
            fresh_database.app_url,
            tmp_path,
            copies,
            writers=8,
            seconds=420,
            kills=10,
            doors=CHANGES,
        )
    print(f"{found.changes} changes, {found.dropped} lost, gaps {found.gaps}")  # noqa: T201
    assert found.tally.faults == []
    assert found.tally.deadlocks == []
    assert found.changes >= CHANGES
    assert all(found.gaps.values())
