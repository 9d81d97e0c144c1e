import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import pytest

from service.core import async_pool
from service.core.async_pool import AsyncPool, Batcher
from service.core.errors import DatabaseUnreachable
from tests.database import TestDatabase
from tests.event_loop import run_apart

Fetch = Callable[[list[str]], Awaitable[dict[str, str]]]
END_OTHERS = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where pid <> pg_backend_pid() and datname = current_database() and usename = current_user"
)


def run(url: str, work: Callable[[AsyncPool], Awaitable[None]], most: int = 2) -> None:
    """Do something with a pool, and close it whatever happened."""

    async def inside() -> None:
        pool = AsyncPool(url, most)
        try:
            await work(pool)
        finally:
            await pool.close()

    run_apart(inside())


async def ask_at_once(pool: AsyncPool, count: int) -> list[object]:
    asked = (pool.rows("select 7") for _ in range(count))
    return await asyncio.gather(*asked, return_exceptions=True)


def test_many_share_a_few_connections(database: TestDatabase) -> None:
    async def work(pool: AsyncPool) -> None:
        found = await asyncio.gather(*(pool.rows("select pg_backend_pid()") for _ in range(50)))
        assert len({rows[0][0] for rows in found}) <= 2

    run(database.app_url, work)


def test_values_are_given_by_the_driver(database: TestDatabase) -> None:
    async def work(pool: AsyncPool) -> None:
        assert await pool.rows("select %s || 'b'", "a") == [("ab",)]
        assert await pool.rows("select %s::jsonb", '{"a": [1]}') == [({"a": [1]},)]

    run(database.app_url, work)


def test_a_statement_that_fails_leaves_the_others_alone(database: TestDatabase) -> None:
    async def work(pool: AsyncPool) -> None:
        for _ in range(5):
            with pytest.raises(Exception, match="division by zero"):
                await pool.rows("select 1 / 0")
        assert await ask_at_once(pool, 4) == [[(7,)]] * 4

    run(database.app_url, work)


def test_connections_that_broke_are_replaced_unseen(fresh_database: TestDatabase) -> None:
    async def work(pool: AsyncPool) -> None:
        assert await ask_at_once(pool, 8) == [[(7,)]] * 8
        other = AsyncPool(fresh_database.app_url, 1)
        try:
            assert (True,) in await other.rows(END_OTHERS)
        finally:
            await other.close()
        assert await ask_at_once(pool, 8) == [[(7,)]] * 8

    run(fresh_database.app_url, work)


def test_where_nobody_listens_all_are_told_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    async def work(pool: AsyncPool) -> None:
        began = time.monotonic()
        answers = await ask_at_once(pool, 100)
        assert all(isinstance(one, DatabaseUnreachable) for one in answers)
        assert time.monotonic() - began < async_pool.PATIENCE_S

    run(f"postgresql+psycopg://nobody@127.0.0.1:{port}/nothing", work)


def test_what_comes_too_late_is_not_waited_for(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(async_pool, "PATIENCE_S", 0.2)
    monkeypatch.setattr(async_pool, "_PAUSE_S", 0.1)

    async def work(pool: AsyncPool) -> None:
        asked = (pool.rows("select pg_sleep(1)") for _ in range(4))
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(one, DatabaseUnreachable) for one in answers)
        with pytest.raises(DatabaseUnreachable):
            await pool.rows("select 7")
        await asyncio.sleep(1.2)
        assert await pool.rows("select 7") == [(7,)]

    run(database.app_url, work)


def test_closing_ends_what_nobody_waits_for(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(async_pool, "PATIENCE_S", 0.2)

    async def work(pool: AsyncPool) -> None:
        with pytest.raises(DatabaseUnreachable):
            await pool.rows("select pg_sleep(600)")
        await pool.close()
        assert await pool.rows("select 7") == [(7,)]

    run(database.app_url, work)


def waiting(go_on: asyncio.Event, asked: list[list[str]]) -> Fetch:
    async def fetch(keys: list[str]) -> dict[str, str]:
        asked.append(sorted(keys))
        await go_on.wait()
        return {key: key.upper() for key in keys if key != "none"}

    return fetch


def test_who_is_cancelled_takes_nothing_from_who_asked_for_the_same() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        batcher = Batcher(waiting(go_on, asked))

        async def load() -> str | None:
            return await batcher.load("a")

        first, second, third = (asyncio.ensure_future(load()) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0.01)
        second.cancel()
        go_on.set()
        assert await third == "A"
        assert first.cancelled()
        assert second.cancelled()
        assert asked == [["a"]]

    run_apart(ask())


def test_what_comes_together_is_one_query_and_what_is_not_found_is_none() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        go_on.set()
        batcher = Batcher(waiting(go_on, asked))
        found = await asyncio.gather(*(batcher.load(key) for key in ("a", "b", "a", "none")))
        assert found == ["A", "B", "A", None]
        assert asked == [["a", "b", "none"]]

    run_apart(ask())


def test_everybody_is_told_what_went_wrong_and_the_next_is_answered() -> None:
    async def ask() -> None:
        faults = [OSError("broken")]

        async def fetch(keys: list[str]) -> dict[str, str]:
            if faults:
                raise faults.pop()
            return dict.fromkeys(keys, "found")

        batcher = Batcher(fetch)
        both = await asyncio.gather(batcher.load("a"), batcher.load("a"), return_exceptions=True)
        assert [type(one) for one in both] == [OSError, OSError]
        assert await batcher.load("a") == "found"

    run_apart(ask())


def test_at_most_so_many_keys_go_in_one_query() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        go_on.set()
        batcher = Batcher(waiting(go_on, asked), in_flight=1, most_keys=3)
        found = await asyncio.gather(*(batcher.load(key) for key in "abcdefg"))
        assert found == list("ABCDEFG")
        assert [len(keys) for keys in asked] == [3, 3, 1]

    run_apart(ask())


def test_when_the_query_is_cancelled_nobody_waits_for_ever() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        batcher = Batcher(waiting(go_on, asked))
        future = batcher.load("a")
        await asyncio.sleep(0.01)
        for task in list(batcher._tasks):  # noqa: SLF001 - the loop cancels them when it ends
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await future

    run_apart(ask())


def test_a_second_query_begins_when_it_is_full_or_the_first_has_ended() -> None:
    async def ask() -> None:
        go_on, asked = asyncio.Event(), list[list[str]]()
        batcher = Batcher(waiting(go_on, asked), in_flight=2, most_keys=3)
        futures = [batcher.load("a")]
        await asyncio.sleep(0.01)
        futures += [batcher.load(key) for key in "bc"]
        await asyncio.sleep(0.01)
        assert asked == [["a"]]
        futures.append(batcher.load("d"))
        await asyncio.sleep(0.01)
        assert asked == [["a"], ["b", "c", "d"]]
        futures.append(batcher.load("e"))
        go_on.set()
        assert await asyncio.gather(*futures) == list("ABCDE")
        assert asked[2:] == [["e"]]

    run_apart(ask())
