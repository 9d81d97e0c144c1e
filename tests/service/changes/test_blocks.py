"""Links that are told in blocks are read as if each had been told by itself."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from migrations import run
from service.changes import commands
from service.changes import follower as module
from service.changes.commands import (
    Action,
    ChangeNote,
    LinkChanges,
    Subject,
    record,
    record_links,
)
from service.changes.follower import Follower
from service.changes.queries import (
    ChangeRow,
    get_last_position,
    list_changes,
    require_kept,
)
from service.core.database import Database, finish
from tests.database import TestDatabase
from tests.event_loop import run_apart
from tests.migrations.test_filling import revision_before
from tests.service.changes.test_follower import Listener, until

HERE, THERE = "330102001000", "330106003000"
LINKS = {
    HERE: ([f"A{number:03}" for number in range(23)], list(range(23))),
    THERE: ([f"B{number:03}" for number in range(7)], [1] * 7),
}
TOLD = [
    (Subject.PLATE, "1", None, HERE),
    *(
        (Subject.ADDRESS_AREA, key, version, HERE)
        for key, version in zip(*LINKS[HERE], strict=True)
    ),
    *(
        (Subject.ADDRESS_AREA, key, version, THERE)
        for key, version in zip(*LINKS[THERE], strict=True)
    ),
    (Subject.PLATE, "2", None, THERE),
]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "BLOCK", 5)


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    """A database of its own whose feed has a plate, 30 links in seven blocks, and a plate."""
    database = Database(fresh_database.app_url)
    tell(database)
    yield database
    database.dispose()


def tell(database: Database) -> None:
    with database.session() as session:
        record(session, [ChangeNote(Subject.PLATE, "1", Action.CHANGED, HERE)])
        record_links(session, LinkChanges(Subject.ADDRESS_AREA, LINKS, get_last_position(session)))
    with database.session() as session:
        record(session, [ChangeNote(Subject.PLATE, "2", Action.CHANGED, THERE)])


def parts(rows: list[ChangeRow]) -> list[tuple[str, str, int | None, str]]:
    return [(row.subject, row.key, row.version, row.division) for row in rows]


def test_each_link_has_a_position_of_its_own_in_the_order_told(register: Database) -> None:
    with register.reading() as session:
        rows = list_changes(session, after=0)
        assert session.scalar(text("select count(*) from change")) == 1 + 5 + 2 + 1
    assert parts(rows) == TOLD
    assert [row.position for row in rows] == list(range(1, len(TOLD) + 1))
    assert {row.action for row in rows[1:-1]} == {Action.LINKED}


@pytest.mark.parametrize("limit", [1, 3, 5, 7, 1000])
def test_a_page_may_begin_and_end_within_a_block(register: Database, limit: int) -> None:
    read: list[ChangeRow] = []
    with register.reading() as session:
        while page := list_changes(session, after=len(read), limit=limit):
            assert len(page) == min(limit, len(TOLD) - len(read))
            read += page
    assert parts(read) == TOLD


@pytest.mark.parametrize("prefix", ["33", "3301", "330102", HERE, THERE, "330106003", "34"])
def test_a_division_reads_its_own(register: Database, prefix: str) -> None:
    with register.reading() as session:
        rows = list_changes(session, after=4, scopes=(prefix,))
    assert parts(rows) == [told for told in TOLD[4:] if told[3].startswith(prefix)]


def test_every_position_within_a_block_is_kept(register: Database) -> None:
    with register.reading() as session:
        for after in range(len(TOLD) + 1):
            require_kept(session, after)


def test_a_version_is_never_older_than_one_told_before(session: Session) -> None:
    seen = get_last_position(session)
    record(session, [ChangeNote(Subject.ADDRESS, "A001", Action.NAMED, HERE, 9)])
    finish(session)
    links = {HERE: (["A001", "A002"], [8, 3])}
    record_links(session, LinkChanges(Subject.ADDRESS_AREA, links, seen))
    finish(session)
    told = parts(list_changes(session, after=seen))
    assert [version for _, _, version, _ in told] == [9, 9, 3]


def test_a_follower_hears_every_key(register: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 4)

    async def follow() -> None:
        listener = Listener()
        follower = Follower(register, listener)
        follower.start()
        await until(lambda: follower.hears)
        await asyncio.to_thread(tell, register)
        await until(lambda: len(listener.told) > len(TOLD))
        assert listener.told == ["all", *(key for _, key, _, _ in TOLD)]
        await follower.close()

    run_apart(follow())


def test_an_older_version_gets_a_row_for_each(
    fresh_database: TestDatabase, register: Database
) -> None:
    register.dispose()
    run.downgrade(fresh_database.owner_url, revision_before("feed_blocks"))
    with register.reading() as session:
        kept = session.execute(
            text("select subject, key, version, division from change order by position")
        )
        assert [tuple(row) for row in kept] == TOLD
    register.dispose()
    run.upgrade(fresh_database.owner_url)
    with register.reading() as session:
        assert parts(list_changes(session, after=0)) == TOLD
