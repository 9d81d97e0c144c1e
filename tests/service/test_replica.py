"""Whoever follows the feed from a snapshot holds the register, row by row: a short round."""

from pathlib import Path

import pytest

from service.core.settings import get_settings
from tests.command_pairs import PAIRS
from tests.database import TestDatabase
from tests.replica_round import play
from tests.writer_steps import STEPS


def test_a_replica_that_is_killed_twice_equals_the_register(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    tally = play(fresh_database.app_url, tmp_path, writers=4, seconds=5, kills=2)
    assert tally.faults == []
    assert tally.deadlocks == []
    assert {*PAIRS, *STEPS} <= {*tally.done, *tally.refused}
