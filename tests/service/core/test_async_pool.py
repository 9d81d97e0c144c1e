import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import pytest

from service.core import async_pool
from service.core.async_pool import AsyncPool
from service.core.errors import DatabaseUnreachable
from tests.database import TestDatabase
from tests.event_loop import run_apart

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
