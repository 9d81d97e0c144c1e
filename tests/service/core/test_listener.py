"""A listening connection: what it hears, what it cannot hear, and how its end is noticed."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from service.core.async_pool import conninfo_of
from service.core.listener import ListenConnection, listening
from tests.database import TestDatabase
from tests.event_loop import run_apart

CHANNEL = "menpai_test"
SOON_S = 10.0
"""Long enough for a busy machine; a test that passes does not wait for it."""

SHORT_S = 0.3


class Server:
    """The other side: says words on channels, and looks after the connections."""

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo_of(url)

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    async def say(self, *words: str, channel: str = CHANNEL) -> None:
        for word in words:
            await asyncio.to_thread(self.run, "select pg_notify(%s, %s)", channel, word)

    async def end(self, process: int) -> None:
        await asyncio.to_thread(self.run, "select pg_terminate_backend(%s)", process)

    async def is_gone(self, process: int) -> bool:
        """Whether the process of a connection ends soon."""
        present = "select count(*) from pg_stat_activity where pid = %s"
        end = time.monotonic() + SOON_S
        while (await asyncio.to_thread(self.run, present, process)) != [(0,)]:
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.05)
        return True


async def process_of(line: ListenConnection) -> int:
    ((process,),) = await line.rows("select pg_backend_pid()")
    return int(process)


def hear(
    database: TestDatabase, work: Callable[[ListenConnection, Server], Awaitable[None]]
) -> None:
    """Do something with a connection that listens."""

    async def inside() -> None:
        async with listening(database.app_url, CHANNEL) as line:
            await work(line, Server(database.app_url))

    run_apart(inside())


def test_what_is_said_once_the_block_runs_is_heard(database: TestDatabase) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        await server.say("first")
        assert await line.wait(SOON_S) == "first"

    hear(database, work)


def test_several_words_come_one_at_a_time_in_their_order(database: TestDatabase) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        await server.say("1", "2", "3")
        assert [await line.wait(SOON_S) for _ in range(3)] == ["1", "2", "3"]
        assert await line.wait(SHORT_S) == ""

    hear(database, work)


def test_silence_ends_after_the_time_that_was_asked_and_the_next_word_is_heard(
    database: TestDatabase,
) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        begun = time.monotonic()
        assert await line.wait(SHORT_S) == ""
        assert SHORT_S * 0.9 <= time.monotonic() - begun < SOON_S
        await server.say("after all")
        assert await line.wait(SOON_S) == "after all"

    hear(database, work)


def test_a_word_wakes_the_one_who_waits(database: TestDatabase) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        waiting = asyncio.ensure_future(line.wait(60))
        await asyncio.sleep(SHORT_S)
        assert not waiting.done()
        await server.say("awake")
        assert await asyncio.wait_for(waiting, SOON_S) == "awake"

    hear(database, work)


def test_words_that_come_during_a_query_are_kept(database: TestDatabase) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        asking = asyncio.ensure_future(line.rows("select 7 from pg_sleep(1)"))
        await asyncio.sleep(SHORT_S)
        await server.say("meanwhile", "and again")
        assert not asking.done()
        assert await asking == [(7,)]
        assert [await line.wait(SOON_S) for _ in range(2)] == ["meanwhile", "and again"]

    hear(database, work)


def test_other_channels_and_what_is_taken_back_are_not_heard(database: TestDatabase) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        def take_back() -> None:
            with psycopg.connect(conninfo_of(database.app_url)) as connection:
                connection.execute("select pg_notify(%s, 'never')", (CHANNEL,))
                connection.rollback()

        await server.say("elsewhere", channel=f"{CHANNEL}_2")
        await asyncio.to_thread(take_back)
        await server.say("last")
        assert await line.wait(SOON_S) == "last"

    hear(database, work)


def test_a_channel_is_a_name_and_nothing_else(database: TestDatabase) -> None:
    """Whatever it holds, it is quoted: capitals, Chinese, a semicolon."""

    async def inside() -> None:
        server = Server(database.app_url)
        for channel in ("Menpai", "门牌", 'a"; unlisten *; --'):
            async with listening(database.app_url, channel) as line:
                await server.say("here", channel=channel)
                assert await line.wait(SOON_S) == "here"

    run_apart(inside())


def test_it_answers_queries_with_values_and_outlives_one_that_fails(
    database: TestDatabase,
) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        assert await line.rows("select %s || 'b', %s + 1", "a", 2) == [("ab", 3)]
        with pytest.raises(psycopg.errors.DivisionByZero):
            await line.rows("select 1 / 0")
        await server.say("still here")
        assert await line.wait(SOON_S) == "still here"

    hear(database, work)


def test_one_who_waits_is_told_that_the_server_closed_the_connection(
    database: TestDatabase,
) -> None:
    """An error, not silence: the caller must not go on believing that it hears."""

    async def work(line: ListenConnection, server: Server) -> None:
        process = await process_of(line)
        waiting = asyncio.ensure_future(line.wait(60))
        await asyncio.sleep(SHORT_S)
        await server.end(process)
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(waiting, SOON_S)
        with pytest.raises(psycopg.OperationalError):
            await line.rows("select 1")

    hear(database, work)


def test_what_is_said_between_two_connections_is_lost_so_that_callers_must_read_again(
    database: TestDatabase,
) -> None:
    async def work(line: ListenConnection, server: Server) -> None:
        await server.end(await process_of(line))
        await line.wait(SOON_S)

    async def inside() -> None:
        server = Server(database.app_url)
        await server.say("in the gap")
        async with listening(database.app_url, CHANNEL) as line:
            await server.say("heard again")
            assert await line.wait(SOON_S) == "heard again"

    with pytest.raises(psycopg.OperationalError):
        hear(database, work)
    run_apart(inside())


def test_the_connection_is_closed_when_the_block_ends_fails_or_is_cancelled(
    database: TestDatabase,
) -> None:
    async def inside() -> None:
        server, processes = Server(database.app_url), list[int]()
        begun = asyncio.Event()

        async def keep(end: Callable[[ListenConnection], Awaitable[object]]) -> None:
            async with listening(database.app_url, CHANNEL) as line:
                processes.append(await process_of(line))
                begun.set()
                await end(line)

        await keep(lambda line: line.wait(0.01))
        with pytest.raises(psycopg.errors.DivisionByZero):
            await keep(lambda line: line.rows("select 1 / 0"))
        begun.clear()
        waiting = asyncio.ensure_future(keep(lambda line: line.wait(60)))
        await begun.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, SOON_S)
        assert len(set(processes)) == 3
        for process in processes:
            assert await server.is_gone(process)

    run_apart(inside())


def test_a_server_that_is_not_there_or_says_nothing_is_an_error_within_seconds() -> None:
    async def refused(port: int) -> float:
        begun = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            async with listening(f"postgresql+psycopg://menpai@127.0.0.1:{port}/none", CHANNEL):
                raise AssertionError
        return time.monotonic() - begun

    with socket.socket() as closed, socket.create_server(("127.0.0.1", 0)) as silent:
        closed.bind(("127.0.0.1", 0))  # bound, and nobody listens
        for one in (closed, silent):
            assert run_apart(refused(one.getsockname()[1])) < SOON_S
