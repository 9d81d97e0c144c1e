"""A replica that is killed and loses changes on their way equals the register: a short round."""

from pathlib import Path

import pytest

from service.core.settings import get_settings
from tests.database import TestDatabase, empty_database
from tests.follower_round import play
from tests.town import TOWNSHIP

DRAWN = (
    *(f"address: {name}_door" for name in ("enter_new", "correct", "move", "name", "retire")),
    *(f"address: {name}" for name in ("merge_doors", "split_door", "identify_door", "freeze_door")),
    *(f"plate: {name}_plate" for name in ("install", "replace", "void", "bind_blank")),
    *(f"place: {name}_street" for name in ("rename", "divide")),
    *(f"area: {name}" for name in ("draw_area", "split_area", "merge_areas", "redraw_border")),
    *("division: merge_townships", "division: rename_township", "place: merge_streets"),
    *("unit: open_unit", "unit: correct_unit", "unit: close_unit"),
)
"""Commands that write what is copied; the drill draws all there are."""


def test_replicas_in_three_databases_equal_the_register(
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
            writers=2,
            seconds=10,
            kills=2,
            doors=300,
            drop=0.03,
            draws=DRAWN,
        )
    assert found.tally.faults == []
    assert found.changes > 300
    assert found.dropped > 0
    assert all(found.gaps[into] > 0 for into, division in copies if not division)
