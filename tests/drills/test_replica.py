"""Eight writers over every command, a replica killed ten times: equal row by row, no deadlock.

About nine minutes.
"""

from pathlib import Path

import pytest

from service.core.settings import get_settings
from tests.command_pairs import PAIRS
from tests.database import TestDatabase
from tests.replica_round import play
from tests.writer_steps import STEPS

pytestmark = pytest.mark.drill


def test_a_replica_that_is_killed_ten_times_equals_the_register(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    tally = play(fresh_database.app_url, tmp_path, writers=8, seconds=480, kills=10)
    done, refused = tally.done.total(), tally.refused.total()
    print(f"{done} commands done, {refused} refused, {len(tally.deadlocks)} deadlocks")  # noqa: T201
    assert tally.faults == []
    assert tally.deadlocks == []
    assert sorted({*PAIRS, *STEPS} - tally.done.keys()) == [], "never done, only refused"
