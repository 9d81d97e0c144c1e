import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from service.changes.commands import CHANNEL, Action, ChangeNote, Subject, record
from service.changes.following import follow
from service.changes.queries import ChangeRow
from service.core.database import Database
from tests.database import TestDatabase
from tests.event_loop import run_apart


@dataclass
class Listener:
    """Notes what it is told; falls over the keys it is to fall over."""

    falls_over: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def follow(self) -> None:
        self.told.append("follow")

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        keys = [change.key for change in changes]
        if self.falls_over & set(keys):
            self.falls_over -= set(keys)
            raise KeyError(keys[0])
        self.told += keys

    def forget_all(self) -> None:
        self.told.append("all")

    def lose(self) -> None:
        self.told.append("lose")


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not ready():
            await asyncio.sleep(0.02)


def announce(database: Database, key: str) -> None:
    with database.session() as session:
        record(session, [ChangeNote(Subject.DUTY, key, Action.CHANGED, "")])


def say(database: Database, payload: str) -> None:
    with database.session() as session:
        session.execute(text("select pg_notify(:c, :p)"), {"c": CHANNEL, "p": payload})


@pytest.mark.parametrize("breaks", ["what is said is no number", "the listener falls"])
def test_a_follower_that_dies_is_noticed_and_comes_back(
    fresh_database: TestDatabase, breaks: str
) -> None:
    async def work() -> None:
        database, listener = Database(fresh_database.app_url), Listener({"1"})
        task = asyncio.ensure_future(follow(database, listener))
        await until(lambda: listener.told == ["follow"])
        if breaks == "the listener falls":
            await asyncio.to_thread(announce, database, "1")
        else:
            await asyncio.to_thread(say, database, "no number")
        await until(lambda: listener.told == ["follow", "lose", "follow"])
        await asyncio.to_thread(announce, database, "2")
        await until(lambda: listener.told[-1] == "2")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        database.dispose()

    run_apart(work())
