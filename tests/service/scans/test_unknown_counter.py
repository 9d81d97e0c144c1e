"""Of unknown tokens the first five characters are counted by day, and never more is kept."""

from datetime import UTC, datetime

import psycopg
import pytest

from service.core.async_pool import AsyncPool, conninfo_of
from service.scans.card import ScanOutcome
from service.scans.hot import unknown_counter
from service.scans.hot.scan_counter import ScanCounter
from service.scans.hot.unknown_counter import UnknownCounter
from service.scans.queries import unknown_counts
from tests.database import TestDatabase
from tests.event_loop import run_apart

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""Noon in Shanghai."""


def written(url: str) -> list[tuple[str, str, int]]:
    with psycopg.connect(conninfo_of(url)) as direct:
        rows = direct.execute(
            "select day::text, beginning, count from unknown_token_count order by 1, 2"
        )
        return [(str(day), str(text), int(count)) for day, text, count in rows]


def test_only_beginnings_are_written_and_servers_add_up(fresh_database: TestDatabase) -> None:
    async def work() -> None:
        pool = AsyncPool(fresh_database.app_url)
        for _ in range(2):
            counter = ScanCounter(pool, NOON.timestamp)
            for token in ("ABCDEFGH12", "ABCDEFGH13", "ZZZZZZZZZZ", "0000000000", "SHORT"):
                counter.add(token, ScanOutcome.UNKNOWN)
            counter.add("1234567890", ScanOutcome.CURRENT)
            await counter.write()
            await counter.write()
        await pool.close()

    run_apart(work())
    assert written(fresh_database.app_url) == [
        ("2026-11-23", "ABCDE", 4),
        ("2026-11-23", "ZZZZZ", 2),
    ]


def test_a_day_with_many_beginnings_is_counted_coarser(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = unknown_counts._ADD.replace("20000", "2")  # noqa: SLF001 - its own limit is large
    monkeypatch.setattr(unknown_counts, "_ADD", statement)

    async def work() -> None:
        pool = AsyncPool(fresh_database.app_url)
        counter = UnknownCounter(pool)
        for tokens in (("AAAAA00000", "BBBBB00000"), ("AAAAA11111", "CCCDD00000", "CCCEE00000")):
            for token in tokens:
                counter.add(token, NOON.timestamp())
            await counter.write()
        await pool.close()

    run_apart(work())
    assert written(fresh_database.app_url) == [
        ("2026-11-23", "AAAAA", 2),
        ("2026-11-23", "BBBBB", 1),
        ("2026-11-23", "CCC", 2),
    ]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_counter, "MOST_COUNTED", 2)
    counter = UnknownCounter(AsyncPool("postgresql+psycopg://nowhere"))
    for token in ("AAAAA00000", "BBBBB00000", "CCCCC00000", "AAAAA11111"):
        counter.add(token, NOON.timestamp())
    assert sorted(counter.pending.values()) == [1, 2]
