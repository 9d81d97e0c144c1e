"""Scans are counted by plate, hour and outcome; nothing of who scanned is kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.core.async_pool import AsyncPool, conninfo_of
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.settings import get_settings
from service.scans.card import ScanOutcome
from service.scans.hot import scan_counter
from service.scans.hot.scan_counter import ScanCounter
from service.scans.queries.counts import list_scan_counts
from tests.database import TestDatabase, migrated_database
from tests.event_loop import run_apart
from tests.factories.towns import Town, make_town

NINE = datetime(2026, 11, 23, 9, 59, 59, tzinfo=UTC)
UNKNOWN = "ZZZZZZZZZZ"


@pytest.fixture
def made() -> Iterator[tuple[TestDatabase, Town]]:
    with migrated_database() as database:
        opened = Database(database.app_url)
        with opened.session() as session:
            town = make_town(session, doors=16)
        opened.dispose()
        yield database, town


def counted(url: str) -> dict[tuple[str, str], int]:
    """What is written down, by token and outcome."""
    with psycopg.connect(conninfo_of(url)) as direct:
        rows = direct.execute("select token, outcome, sum(count) from scan_count group by 1, 2")
        return {(token, outcome): int(count) for token, outcome, count in rows}


def test_what_a_server_answered_is_written_when_it_ends(made: tuple[TestDatabase, Town]) -> None:
    database, town = made
    tokens = town.tokens
    with TestClient(create_app(Database(database.app_url), get_settings())) as client:
        for _ in range(3):
            client.get(f"/{tokens['in_use']}", headers={"X-Forwarded-For": "203.0.113.7"})
        client.get(f"/{tokens['in_use']}", headers={"Accept": "application/json"})
        tag = client.get(f"/{tokens['alone']}").headers["etag"]
        assert client.get(f"/{tokens['alone']}", headers={"If-None-Match": tag}).status_code == 304
        for name in ("void", "renewed", "address replaced", "address retired", "damaged"):
            client.get(f"/{tokens[name]}")
        client.get(f"/{UNKNOWN}")
        client.get(f"/{UNKNOWN}", headers={"Accept": "application/json"})
        client.get(f"/a/{town.codes[0]}")
        client.head(f"/{tokens['lost']}")
    assert counted(database.app_url) == {
        (tokens["in_use"], "current"): 4,
        (tokens["alone"], "current"): 2,
        (tokens["void"], "void"): 1,
        (tokens["renewed"], "replaced"): 1,
        (tokens["address replaced"], "replaced"): 1,
        (tokens["address retired"], "void"): 1,
        (tokens["damaged"], "current"): 1,
        ("", "unknown"): 2,
    }


def test_the_table_has_no_room_for_a_visitor(made: tuple[TestDatabase, Town]) -> None:
    database, _ = made
    with psycopg.connect(conninfo_of(database.app_url)) as direct:
        rows = direct.execute(
            "select column_name from information_schema.columns where table_name = 'scan_count'"
        )
        assert {name for (name,) in rows} == {"token", "hour", "outcome", "count"}


def test_each_hour_has_its_own_count_and_servers_add_up(made: tuple[TestDatabase, Town]) -> None:
    database, town = made
    token, now = town.tokens["in_use"], NINE

    def clock() -> float:
        return now.timestamp()

    async def work() -> None:
        nonlocal now
        pool = AsyncPool(database.app_url)
        counters = [ScanCounter(pool, clock) for _ in range(2)]
        for _ in range(2):
            for counter in counters:
                counter.add(token, ScanOutcome.CURRENT)
            now += timedelta(seconds=1)
        for counter in counters:
            await counter.write()
            await counter.write()
        await pool.close()

    run_apart(work())
    opened = Database(database.app_url)
    with psycopg.connect(conninfo_of(database.app_url)) as direct:
        rows = direct.execute("select hour, count from scan_count order by hour").fetchall()
    assert rows == [(NINE.replace(minute=0, second=0), 2), (NINE + timedelta(seconds=1), 2)]
    with opened.reading() as session:
        (day,) = list_scan_counts(session, token, date(2026, 11, 23))
        assert (day.day, day.outcome, day.count) == (date(2026, 11, 23), "current", 4)
        assert list_scan_counts(session, token, date(2026, 11, 24)) == []
    opened.dispose()


def test_what_the_database_does_not_take_stays_counted(
    made: tuple[TestDatabase, Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, town = made
    token = town.tokens["in_use"]

    async def refuse(*_: object) -> None:
        raise DatabaseUnreachable("away", hint="wait")

    async def work() -> None:
        pool = AsyncPool(database.app_url)
        counter = ScanCounter(pool)
        counter.add(token, ScanOutcome.CURRENT)
        with monkeypatch.context() as patched:
            patched.setattr(scan_counter, "add_counts", refuse)
            with pytest.raises(DatabaseUnreachable):
                await counter.write()
        counter.add(token, ScanOutcome.CURRENT)
        await counter.write()
        await pool.close()

    run_apart(work())
    assert counted(database.app_url) == {(token, "current"): 2}


def test_memory_is_bounded_while_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_counter, "MOST_COUNTED", 3)
    counter = ScanCounter(AsyncPool("postgresql+psycopg://nowhere"), NINE.timestamp)
    for token in "ABCDEA":
        counter.add(token, ScanOutcome.CURRENT)
    assert {key[0]: count for key, count in counter.pending.items()} == {"A": 2, "B": 1, "C": 1}
