"""Old counts of scans become sums by day and community: nothing twice, nothing lost."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from service.core.clock import start_of, today
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.settings import Settings
from service.scans.commands import drop_scan_months, open_scan_months, sum_scans
from service.scans.queries.counts import list_old_days, list_scan_counts
from service.worker import _keep_tables
from tests.database import TestDatabase
from tests.factories.towns import Town, make_town

DAY = date(2026, 3, 5)
HOME = "330102001000"
Sums = Mapping[tuple[date, str, str], int]


@pytest.fixture
def made(fresh_database: TestDatabase) -> Iterator[tuple[Database, Town]]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        town = make_town(session, doors=16)
    yield database, town
    database.dispose()


def count(
    database: Database, token: str, at: datetime, scans: int, outcome: str = "current"
) -> None:
    """Note scans, as a server process does."""
    with database.session() as session:
        session.execute(
            text(
                "insert into scan_count as held values (:t, :h, :o, :n) "
                "on conflict (token, hour, outcome) do update set count = held.count + :n"
            ),
            {"t": token, "h": at, "o": outcome, "n": scans},
        )


def sums(database: Database) -> Sums:
    with database.reading() as session:
        rows = session.execute(text("select day, division, outcome, count from scan_day"))
        return {(day, division, outcome): count for day, division, outcome, count in rows}


def hours(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("select count(*) from scan_count")) or 0)


def months(database: Database) -> list[str]:
    found = text(
        "select inhrelid::regclass::text from pg_inherits "
        "where inhparent = 'scan_count'::regclass order by 1"
    )
    with database.reading() as session:
        return list(session.scalars(found))


def sum_of(database: Database, day: date) -> int:
    with database.session() as session:
        return sum_scans(session, day)


def sum_and_die(database: Database) -> None:
    """Sum the day, and lose the connection before the commit."""
    killer = create_engine(database.url)
    with database.session() as session:
        assert sum_scans(session, DAY) == 4
        pid = session.scalar(text("select pg_backend_pid()"))
        with killer.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
        killer.dispose()


def fill(database: Database, town: Town) -> Sums:
    """Count scans of a local day, from its first hour to its last; what they come to."""
    first, last = start_of(DAY), start_of(DAY + timedelta(days=1)) - timedelta(hours=1)
    count(database, town.tokens["alone"], first, 3)
    count(database, town.tokens["nowhere"], last, 4)
    count(database, town.tokens["void"], last, 1, "void")
    count(database, "", first, 7, "unknown")
    return {(DAY, HOME, "current"): 7, (DAY, HOME, "void"): 1, (DAY, "", "unknown"): 7}


def test_a_day_is_summed_by_community_and_no_plate_is_left(made: tuple[Database, Town]) -> None:
    database, town = made
    expected = fill(database, town)
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        count(database, town.tokens["alone"], start_of(day) + timedelta(hours=12), 50)
    assert sum_of(database, DAY) == 4
    assert sums(database) == expected
    with database.reading() as session:
        kept = list_scan_counts(session, town.tokens["alone"], date(2026, 1, 1))
        columns = session.scalars(
            text("select column_name from information_schema.columns where table_name = 'scan_day'")
        )
        assert set(columns) == {"day", "division", "outcome", "count"}
    assert [one.day for one in kept] == [DAY + timedelta(days=1), DAY - timedelta(days=1)]


def test_summing_again_adds_nothing_and_late_counts_are_added(made: tuple[Database, Town]) -> None:
    database, town = made
    expected = dict(fill(database, town))
    assert [sum_of(database, DAY) for _ in range(2)] == [4, 0]
    assert sums(database) == expected
    count(database, town.tokens["alone"], start_of(DAY), 5)
    assert sum_of(database, DAY) == 1
    assert sums(database) == expected | {(DAY, HOME, "current"): 12}


def test_a_worker_that_is_killed_before_its_commit_has_done_nothing(
    made: tuple[Database, Town],
) -> None:
    database, town = made
    expected = fill(database, town)
    with pytest.raises(DatabaseUnreachable):
        sum_and_die(database)
    assert (sums(database), hours(database)) == ({}, 4)
    assert sum_of(database, DAY) == 4
    assert (sums(database), hours(database)) == (expected, 0)


def test_two_workers_at_once_sum_each_day_once(made: tuple[Database, Town]) -> None:
    database, town = made
    expected = fill(database, town)
    done: list[int] = []

    def work() -> None:
        done.append(sum_of(database, DAY))

    other = threading.Thread(target=work)
    with database.session() as session:
        done.append(sum_scans(session, DAY))
        other.start()
        other.join(0.3)
        assert other.is_alive()  # it waits for the first
    other.join(10)
    assert done == [4, 0]
    assert (sums(database), hours(database)) == (expected, 0)


def test_plates_for_trial_count_for_no_community(
    made: tuple[Database, Town], fresh_database: TestDatabase
) -> None:
    database, town = made
    owner = create_engine(fresh_database.owner_url)
    with owner.begin() as connection:
        connection.execute(
            text("update plate set generation = 0 where token = :t"), {"t": town.tokens["alone"]}
        )
    owner.dispose()
    count(database, town.tokens["alone"], start_of(DAY), 3)
    sum_of(database, DAY)
    assert sums(database) == {(DAY, "", "current"): 3}


def test_months_are_opened_ahead_and_scans_of_one_without_are_moved(
    made: tuple[Database, Town], fresh_database: TestDatabase
) -> None:
    database, town = made
    after_next = (datetime.now(UTC).replace(day=1) + timedelta(days=63)).replace(day=1)
    name = f"scan_count_{after_next:%Y_%m}"
    owner = create_engine(fresh_database.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"drop table {name}"))
    owner.dispose()
    at = after_next.replace(hour=3, minute=0, second=0, microsecond=0)
    count(database, town.tokens["alone"], at, 2)
    with database.session() as session:
        assert open_scan_months(session) == 1
        assert open_scan_months(session) == 0
        assert session.scalar(text(f"select count from {name}")) == 2  # noqa: S608 - our own name
    assert len(months(database)) == 4
    count(database, town.tokens["alone"], at, 3)
    with database.reading() as session:
        assert session.scalar(text("select sum(count) from scan_count")) == 5


def test_a_month_is_dropped_when_it_is_old_and_summed_and_not_before(
    made: tuple[Database, Town],
) -> None:
    database, town = made
    this_month = datetime.now(UTC)
    name, new = f"scan_count_{this_month:%Y_%m}", (this_month + timedelta(days=32)).date()
    count(database, town.tokens["alone"], start_of(today()), 2)

    def drop() -> int:
        with database.session() as session:
            return drop_scan_months(session, new.replace(day=2))

    assert drop() == 0
    assert name in months(database)
    sum_of(database, today())
    assert drop() == 1
    assert name not in months(database)
    count(database, town.tokens["alone"], start_of(today()), 1)  # the default partition takes it
    assert hours(database) == 1


def test_the_worker_keeps_hours_for_as_long_as_it_is_told(made: tuple[Database, Town]) -> None:
    database, town = made
    ages = {age: start_of(today() - timedelta(days=age)) for age in (400, 91, 90, 0)}
    for at in ages.values():
        count(database, town.tokens["alone"], at, 5)
    for _ in range(2):
        _keep_tables(database, Settings())
        assert {day: n for (day, _, _), n in sums(database).items()} == {
            today() - timedelta(days=age): 5 for age in (400, 91)
        }
    with database.reading() as session:
        assert list_old_days(session, today()) == [today() - timedelta(days=90)]
    assert hours(database) == 2
