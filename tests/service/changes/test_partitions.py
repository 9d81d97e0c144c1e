"""The feed is kept by month: no write fails for want of one, old ones go, readers are told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from starlette.testclient import TestClient

from service.app import create_app
from service.changes.commands import Action, ChangeNote, Subject, keep_feed, record
from service.changes.queries import (
    ChangesForgotten,
    find_partition_fault,
    get_last_position,
    list_changes,
    list_partitions,
)
from service.core.database import Database
from service.core.settings import get_settings
from service.integrity.queries import find_role_fault
from tests.database import TestDatabase
from tests.factories.programs import make_program

YEAR = 366


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    database = Database(fresh_database.app_url)
    yield database
    database.dispose()


def this_month() -> str:
    """The partition of the month that is."""
    return f"change_{datetime.now(UTC):%Y_%m}"


def announce(database: Database, *keys: str, division: str = "330102001000") -> None:
    with database.session() as session:
        record(session, [ChangeNote(Subject.PLATE, key, Action.CHANGED, division) for key in keys])


def as_owner(made: TestDatabase, *statements: str) -> None:
    engine = create_engine(made.owner_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def keep(database: Database, days: int = YEAR) -> tuple[int, int]:
    with database.session() as session:
        return keep_feed(session, days)


def keys_after(database: Database, after: int) -> list[str]:
    with database.reading() as session:
        return [row.key for row in list_changes(session, after=after)]


def age(made: TestDatabase, position: int) -> None:
    """Let all changes up to a position lie in a month that was two years ago."""
    month, next_month = this_month(), datetime.now(UTC).replace(day=1) + timedelta(days=32)
    as_owner(
        made,
        f"alter table change detach partition {month}",
        "create table change_2020_01 (like change including all)",
        f"with old as (delete from {month} where position <= {position} returning *) "  # noqa: S608
        "insert into change_2020_01 select position, subject, key, action, division, '2020-01-15' "
        "from old",
        "alter table change attach partition change_2020_01 "
        "for values from (minvalue) to ('2020-02-01Z')",
        f"alter table change attach partition {month} "
        f"for values from ('2020-02-01Z') to ('{next_month:%Y-%m}-01Z')",
    )


def test_months_are_opened_ahead_once(fresh_database: TestDatabase, register: Database) -> None:
    keep(register)
    with register.reading() as session:
        held = list_partitions(session)
        assert (find_partition_fault(session), find_role_fault(session)) == ("", "")
    assert len([name for name in held if name >= this_month() and name != "change_default"]) >= 3
    assert keep(register) == (0, 0)


def test_a_month_without_partition_stops_nobody_and_is_sorted_later(
    fresh_database: TestDatabase, register: Database
) -> None:
    month = this_month()
    announce(register, "before")
    as_owner(
        fresh_database,
        f"alter table change detach partition {month}",
        f"insert into change_default select * from {month}",  # noqa: S608 - our own name
        f"drop table {month}",
    )
    announce(register, "without")
    with register.reading() as session:
        assert month in find_partition_fault(session)
    assert keep(register) == (1, 0)
    with register.reading() as session:
        assert find_partition_fault(session) == ""
        assert find_role_fault(session) == ""
    announce(register, "after")
    assert keys_after(register, 0) == ["before", "without", "after"]


def test_what_is_too_old_goes_and_whoever_reads_on_from_it_is_told(
    fresh_database: TestDatabase, register: Database
) -> None:
    announce(register, "a", "b", "c")
    age(fresh_database, 2)
    assert keys_after(register, 0) == ["a", "b", "c"]
    assert keep(register) == (0, 1)
    assert keys_after(register, 2) == ["c"]
    assert keys_after(register, 3) == []
    for after in (0, 1, 4):
        with pytest.raises(
            ChangesForgotten, match=f"position {after} is no longer kept; kept are 3 to"
        ):
            keys_after(register, after)


def test_no_less_than_a_month_is_kept(register: Database) -> None:
    with pytest.raises(ProgrammingError, match="31 days at least"):
        keep(register, 30)


def test_the_api_tells_changes_by_division_and_what_is_kept_no_more(
    fresh_database: TestDatabase, register: Database
) -> None:
    announce(register, "a", "b")
    announce(register, "c", division="331002001000")
    announce(register, "d")
    with register.session() as session:
        headers = {"X-API-Key": str(make_program(session, "department"))}
    with TestClient(create_app(register, get_settings())) as client:

        def ask(query: str) -> tuple[list[str], int]:
            found = client.get(f"/api/v1/changes?{query}", headers=headers).json()
            return [one["key"] for one in found["changes"]], found["next"]

        assert client.get("/api/v1/changes").status_code == 401
        assert ask("after=0") == (["a", "b", "c", "d"], 4)
        assert ask("after=1&limit=2") == (["b", "c"], 3)
        assert ask("after=0&division=3310") == (["c"], 4)
        assert ask("after=4") == ([], 4)
        age(fresh_database, 2)
        keep(register)
        gone = client.get("/api/v1/changes?after=1&division=3310", headers=headers)
        assert gone.status_code == 410
        assert gone.headers["content-type"] == "application/problem+json"
        assert "take a new copy" in gone.json()["hint"]


def test_positions_stay_without_gaps_over_a_drop(
    fresh_database: TestDatabase, register: Database
) -> None:
    announce(register, "a")
    age(fresh_database, 1)
    keep(register)
    announce(register, "b")
    with register.reading() as session:
        assert [row.position for row in list_changes(session, after=1)] == [2]
        assert get_last_position(session) == 2
