"""Reads go to the standby where it has replayed what was heard, and to the primary otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from service.changes.commands import Action, ChangeNote, Subject, record
from service.core import standby as module
from service.core.database import Database, Session
from service.core.errors import DatabaseUnreachable
from service.core.reads import ReadPool, Reads, is_on_standby
from service.core.standby import Standby
from tests.database import TestDatabase, migrated_database
from tests.event_loop import run_apart
from tests.standby import HeardFeed, standby_of, write_beside

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"
WHERE = text("select current_database()")
Work = Callable[["Pair", ReadPool], Awaitable[None]]


def announce(session: Session) -> None:
    record(session, [ChangeNote(Subject.PLATE, "K7", Action.CHANGED, "")])


@dataclass
class Pair:
    """A primary and its standby, with what this process has heard."""

    primary: TestDatabase
    copy: TestDatabase
    reads: Reads
    feed: HeardFeed

    @property
    def standby(self) -> Standby:
        assert self.reads.standby is not None
        return self.reads.standby

    async def look(self) -> None:
        await self.standby.look()

    def read_where(self) -> str:
        with self.reads.reading() as session:
            assert is_on_standby(session) is (session.scalar(WHERE) == self.copy.name)
            return str(session.scalar(WHERE))

    def identify_where(self) -> str:
        with self.reads.identifying() as session:
            return str(session.scalar(WHERE))

    def ask_where(self) -> str:
        return self.reads.ask(lambda session: str(session.scalar(WHERE)))


@pytest.fixture(scope="module")
def databases() -> Iterator[tuple[TestDatabase, TestDatabase]]:
    with migrated_database() as primary:
        write_beside(primary.app_url, announce)
        with standby_of(primary) as copy:
            write_beside(primary.app_url, announce)
            yield primary, copy


def beside(
    databases: tuple[TestDatabase, TestDatabase], work: Work, *, url: str = "", at: str = ""
) -> None:
    """Do some work over both: the primary's newest change is 2, and the standby stands at 1."""
    primary, copy = databases

    async def run() -> None:
        opened, standby = Database(url or primary.app_url), Standby(Database(at or copy.app_url))
        pair = Pair(primary, copy, Reads(opened, standby), HeardFeed(1))
        pair.reads.follow(pair.feed)
        pool = pair.reads.pool()
        assert isinstance(pool, ReadPool)
        await pair.look()
        try:
            await work(pair, pool)
        finally:
            await pool.close()
            await standby.close()
            opened.dispose()

    run_apart(run())


def test_what_it_has_replayed_is_read_on_the_standby(
    databases: tuple[TestDatabase, TestDatabase],
) -> None:
    async def work(pair: Pair, pool: ReadPool) -> None:
        assert pair.read_where() == pair.ask_where() == pair.copy.name
        assert pair.reads.choose() is pair.standby.database
        found = await pool.rows("select current_database(), %s::integer as current_database", 7)
        assert found == [(pair.copy.name, 7)]
        assert await pool.rows("select 1 where false") == []
        assert pair.reads.fault == "what is read as the standby is none; it was promoted"

    beside(databases, work)


def test_who_calls_is_asked_of_the_primary(databases: tuple[TestDatabase, TestDatabase]) -> None:
    async def work(pair: Pair, _: ReadPool) -> None:
        assert pair.identify_where() == pair.primary.name
        with pair.reads.reading() as session, pair.reads.on_primary(session) as other:
            assert (is_on_standby(session), is_on_standby(other)) == (True, False)
            assert other.scalar(WHERE) == pair.primary.name
        pair.feed.hears = False
        assert pair.identify_where() == pair.copy.name

    beside(databases, work)


def test_a_standby_that_lags_is_not_read(databases: tuple[TestDatabase, TestDatabase]) -> None:
    async def work(pair: Pair, pool: ReadPool) -> None:
        pair.feed.position = 2  # heard after the look: each reading sees for itself
        for _ in range(2):
            assert pair.read_where() == pair.ask_where() == pair.primary.name
            assert pair.reads.choose() is pair.reads.primary
            assert await pool.rows("select current_database()") == [(pair.primary.name,)]
            await pair.look()
            assert not pair.standby.is_usable
            assert pair.reads.fault.startswith(
                "the standby has been behind for 0 s (changes missing: 1)"
            )
        pair.feed.position = 1
        await pair.look()
        assert pair.read_where() == pair.copy.name

    beside(databases, work)


def test_before_anything_was_heard_it_is_not_read(
    databases: tuple[TestDatabase, TestDatabase],
) -> None:
    async def work(pair: Pair, pool: ReadPool) -> None:
        pair.feed.position = None
        assert pair.read_where() == pair.primary.name
        assert await pool.rows("select current_database()") == [(pair.primary.name,)]
        await pair.look()
        assert not pair.standby.is_usable

    beside(databases, work)


def test_a_process_that_begins_without_a_primary_reads_it_as_it_stands(
    databases: tuple[TestDatabase, TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ALONE_AFTER_S", 0.3)

    async def work(pair: Pair, _: ReadPool) -> None:
        pair.feed.position, pair.feed.hears = None, False
        pair.standby.start()
        await asyncio.sleep(0.1)
        assert not pair.standby.is_usable
        async with asyncio.timeout(10):
            while not pair.standby.is_usable:
                await asyncio.sleep(0.05)
        assert pair.read_where() == pair.identify_where() == pair.copy.name

    beside(databases, work, url=NOWHERE)


def test_a_standby_that_is_away_takes_nothing_down_and_nothing_of_it_is_told(
    databases: tuple[TestDatabase, TestDatabase],
) -> None:
    async def work(pair: Pair, pool: ReadPool) -> None:
        for _ in range(2):
            assert pair.read_where() == pair.ask_where() == pair.primary.name
            assert await pool.rows("select current_database()") == [(pair.primary.name,)]
            assert pair.reads.fault == "the standby does not answer; reads go to the primary"
            await pair.look()

    beside(databases, work, at=NOWHERE)


def test_a_primary_that_is_away_leaves_the_standby(
    databases: tuple[TestDatabase, TestDatabase],
) -> None:
    async def work(pair: Pair, pool: ReadPool) -> None:
        for pair.feed.hears in (True, False):
            assert pair.read_where() == pair.ask_where() == pair.copy.name
            assert pair.identify_where() == pair.copy.name
            assert await pool.rows("select current_database()") == [(pair.copy.name,)]
        pair.feed.position = 2  # the standby lacks what was heard: nobody may be read
        for ask in (pair.read_where, pair.ask_where, pair.identify_where):
            with pytest.raises(DatabaseUnreachable):
                ask()
        with pytest.raises(DatabaseUnreachable):
            await pool.rows("select 1")

    beside(databases, work, url=NOWHERE)


@pytest.mark.parametrize("state", ["40001", "40P01", "57P01", "57014"])
def test_what_recovery_breaks_off_is_asked_of_the_primary_or_later(
    databases: tuple[TestDatabase, TestDatabase], state: str
) -> None:
    """A statement on a standby may be cancelled for what is replayed there."""

    def fail_on_standby(session: Session) -> str:
        if is_on_standby(session):
            session.execute(text(_raising(state)))
        return str(session.scalar(WHERE))

    async def work(pair: Pair, pool: ReadPool) -> None:
        with suppress(DatabaseUnreachable), pair.reads.reading() as session:
            fail_on_standby(session)
            raise AssertionError("it was not broken off")
        assert pair.read_where() == pair.primary.name  # until the next look
        await pair.look()
        assert pair.read_where() == pair.copy.name
        assert pair.reads.ask(fail_on_standby) == pair.primary.name
        await pair.look()
        statement = (
            "select current_database() where current_database() = %s or "
            "(select 1 / (length(current_database()) - length(current_database()))) = 1"
        )
        assert await pool.rows(statement, pair.primary.name) == [(pair.primary.name,)]

    beside(databases, work)


def _raising(state: str) -> str:
    return f"do $$ begin raise exception 'conflict with recovery' using errcode = '{state}'; end $$"


def test_whoever_writes_to_a_standby_is_told_to_come_again(
    databases: tuple[TestDatabase, TestDatabase],
) -> None:
    database = Database(databases[1].app_url)
    with pytest.raises(DatabaseUnreachable, match="takes no writes"), database.session() as session:
        announce(session)
    database.dispose()
