"""A follower that dies, hangs or loses its line is noticed, and comes back."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from service.changes import follower as module
from service.changes.commands import CHANNEL, Action, ChangeNote, Subject, record
from service.changes.follower import HEARS_S, Follower
from service.changes.queries import ChangeRow
from service.core.database import Database
from service.core.listener import ListenConnection
from tests.database import TestDatabase
from tests.event_loop import run_apart


@dataclass
class Listener:
    """Notes what it is told; falls over the keys it is to fall over."""

    falls_over: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        keys = [change.key for change in changes]
        if self.falls_over & set(keys):
            self.falls_over -= set(keys)
            raise KeyError(keys[0])
        self.told += keys

    def forget_all(self) -> None:
        self.told.append("all")


async def until(ready: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not ready():
            await asyncio.sleep(0.01)


def announce(database: Database, *keys: str) -> None:
    with database.session() as session:
        record(session, [ChangeNote(Subject.PLATE, key, Action.CHANGED, "") for key in keys])


def say(database: Database, payload: str) -> None:
    with database.session() as session:
        session.execute(text("select pg_notify(:c, :p)"), {"c": CHANNEL, "p": payload})


def following(
    url: str, work: Callable[[Database, Listener, Follower], Awaitable[None]], falls_over: str = ""
) -> None:
    """Run the work beside a follower that hears."""

    async def run() -> None:
        database, listener = Database(url), Listener({falls_over})
        follower = Follower(database, listener)
        assert follower.fault == ""
        follower.start()
        try:
            await until(lambda: follower.hears)
            assert listener.told == ["all"]
            await work(database, listener, follower)
        finally:
            await follower.close()
            database.dispose()

    run_apart(run())


async def hears_anew(database: Database, listener: Listener, follower: Follower) -> None:
    """Everything is dropped when it is lost and found, and the next change is told at once."""
    await until(lambda: listener.told.count("all") == 3 and follower.hears)
    await asyncio.to_thread(announce, database, "last")
    await until(lambda: listener.told[-1] == "last", HEARS_S)
    assert follower.fault == ""


def test_a_change_is_told_at_once_and_whatever_else_is_said_does_no_harm(
    fresh_database: TestDatabase,
) -> None:
    async def work(database: Database, listener: Listener, follower: Follower) -> None:
        await asyncio.to_thread(say, database, "no number")
        for number in range(5):
            await asyncio.to_thread(announce, database, f"{number}")
            await until(lambda: listener.told[-1] == f"{number}", HEARS_S)  # noqa: B023 - waited for
        assert listener.told == ["all", *"01234"]

    following(fresh_database.app_url, work)


def test_more_changes_than_a_page_are_all_told_and_too_many_are_told_as_all(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 10)
    monkeypatch.setattr(module, "MOST_CHANGES", 40)

    async def work(database: Database, listener: Listener, follower: Follower) -> None:
        keys = [f"k{number}" for number in range(35)]
        await asyncio.to_thread(announce, database, *keys)
        await until(lambda: listener.told == ["all", *keys])
        listener.told.clear()
        await asyncio.to_thread(announce, database, *[f"m{number}" for number in range(60)])
        await until(lambda: listener.told[-1:] == ["all"])
        await asyncio.to_thread(announce, database, "next")
        await until(lambda: listener.told[-2:] == ["all", "next"])

    following(fresh_database.app_url, work)


def test_a_follower_that_falls_over_a_change_comes_back(fresh_database: TestDatabase) -> None:
    async def work(database: Database, listener: Listener, follower: Follower) -> None:
        await asyncio.to_thread(announce, database, "stone")
        await until(lambda: not follower.hears, HEARS_S)
        assert "not followed" in follower.fault
        await hears_anew(database, listener, follower)

    following(fresh_database.app_url, work, falls_over="stone")


def test_a_follower_whose_task_is_gone_comes_back(fresh_database: TestDatabase) -> None:
    async def work(database: Database, listener: Listener, follower: Follower) -> None:
        for task in asyncio.all_tasks():
            if "Follower._follow" in repr(task):
                task.cancel()
        await until(lambda: not follower.hears, HEARS_S)
        await hears_anew(database, listener, follower)

    following(fresh_database.app_url, work)


def test_a_line_that_the_server_closes_is_opened_again(fresh_database: TestDatabase) -> None:
    kill = text(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid() "
        "and query ~ 'from change|feed_counter'"
    )

    async def work(database: Database, listener: Listener, follower: Follower) -> None:
        def end_line() -> int:
            with database.session() as session:
                return session.scalar(kill) or 0

        assert await asyncio.to_thread(end_line) == 1
        await hears_anew(database, listener, follower)

    following(fresh_database.app_url, work)


def test_a_line_that_hangs_is_noticed_in_a_second_and_given_up(
    fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes over it, no error either, as when a cable is pulled."""
    hangs = [True]
    ask = ListenConnection.rows

    async def silent(
        line: ListenConnection, statement: str, *values: object
    ) -> list[tuple[object, ...]]:
        if hangs and "from change" in statement:
            hangs.clear()
            await asyncio.sleep(60)
        return await ask(line, statement, *values)

    async def work(database: Database, listener: Listener, follower: Follower) -> None:
        await until(lambda: not hangs)
        hung = time.monotonic()
        await until(lambda: not follower.hears, HEARS_S)
        await hears_anew(database, listener, follower)
        assert time.monotonic() - hung < 6

    monkeypatch.setattr(ListenConnection, "rows", silent)
    following(fresh_database.app_url, work)


def test_without_a_database_it_does_not_hear_and_waits_for_one() -> None:
    async def run() -> None:
        database, listener = Database("postgresql+psycopg://127.0.0.1:1/none"), Listener()
        follower = Follower(database, listener)
        follower.start()
        await asyncio.sleep(0.7)
        assert not follower.hears
        assert "not followed" in follower.fault
        await follower.close()
        assert listener.told == ["all"]

    run_apart(run())
