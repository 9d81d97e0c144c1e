"""A process that keeps nothing in memory hears of the feed for its standby alone."""

import asyncio

from service.changes.standby import standby_followed
from service.core.database import Database
from service.core.reads import Reads, is_on_standby
from service.core.standby import Standby
from tests.database import TestDatabase
from tests.event_loop import run_apart
from tests.standby import HeardFeed, standby_of


def is_read(reads: Reads) -> bool:
    with reads.reading() as session:
        return is_on_standby(session)


def test_its_standby_is_read_while_it_is_followed(fresh_database: TestDatabase) -> None:
    async def work(url: str) -> None:
        reads = Reads(Database(fresh_database.app_url), Standby(Database(url)))
        assert not await asyncio.to_thread(is_read, reads)
        async with asyncio.timeout(20), standby_followed(reads):
            while not await asyncio.to_thread(is_read, reads):
                await asyncio.sleep(0.05)
        assert not await asyncio.to_thread(is_read, reads)
        reads.primary.dispose()

    with standby_of(fresh_database) as copy:
        run_apart(work(copy.app_url))


def test_whoever_follows_for_scans_is_asked_and_nobody_else(fresh_database: TestDatabase) -> None:
    async def work(url: str) -> None:
        reads, feed = Reads(Database(fresh_database.app_url), Standby(Database(url))), HeardFeed()
        reads.follow(feed)
        async with standby_followed(reads):
            assert reads.standby is not None
            assert reads.standby.feed is feed
        reads.primary.dispose()

    with standby_of(fresh_database) as copy:
        run_apart(work(copy.app_url))


def test_without_a_standby_nothing_is_done(fresh_database: TestDatabase) -> None:
    async def work() -> None:
        reads = Reads(Database(fresh_database.app_url))
        async with standby_followed(reads):
            assert not await asyncio.to_thread(is_read, reads)
        reads.primary.dispose()

    run_apart(work())
