"""Figures of a month are counted once, when it is over, and never change."""

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from address_model.public_figures import Subject
from address_model.reports import ReportKind
from service.core.clock import start_of
from service.core.database import Database
from service.figures.commands import publish_month
from service.figures.queries.published import MonthFigures, list_figures, list_months, read_months
from service.scans.commands import sum_scans
from tests.database import TestDatabase
from tests.factories.reports import make_report
from tests.factories.towns import Town, make_town

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
HOME = "330102"


@pytest.fixture
def made(fresh_database: TestDatabase) -> Iterator[tuple[Database, Town]]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        town = make_town(session, doors=26)
    yield database, town
    database.dispose()


def count(database: Database, town: Town, day: date, scans: int) -> None:
    values = {"t": town.tokens["alone"], "h": start_of(day) + timedelta(hours=9), "n": scans}
    with database.session() as session:
        session.execute(
            text(
                "insert into scan_count as held values (:t, :h, 'current', :n) "
                "on conflict (token, hour, outcome) do update set count = held.count + :n"
            ),
            values,
        )


def publish(database: Database, day: date) -> date | None:
    with database.session() as session:
        return publish_month(session, start_of(day) + timedelta(hours=1))


def read(database: Database, month: date) -> MonthFigures:
    with database.reading() as session:
        (found,) = read_months(session, month, month)
        return found


def test_a_month_is_published_when_it_is_over_and_all_is_written(
    made: tuple[Database, Town],
) -> None:
    database, town = made
    count(database, town, date(2026, 11, 30), 12)
    assert [publish(database, date(2026, 11, 30)), publish(database, date(2026, 12, 1))] == [
        None
    ] * 2
    assert publish(database, date(2026, 12, 2)) == NOVEMBER
    found = read(database, NOVEMBER)
    assert found.counted_on == date(2026, 12, 2)
    assert found.counties[HOME] == {
        Subject.PLATES: 20,
        Subject.DOORS: 20,
        Subject.HUNG: 10,
        Subject.SCANS: 12,
        Subject.REPORTS: None,
        Subject.ANSWER_DAYS: None,
    }


def test_what_comes_late_changes_nothing_that_is_published(made: tuple[Database, Town]) -> None:
    """Whoever reads on two days, and subtracts, finds nothing."""
    database, town = made
    count(database, town, date(2026, 11, 30), 12)
    publish(database, date(2026, 12, 2))
    before = read(database, NOVEMBER)
    for day in range(3, 32):
        count(database, town, date(2026, 11, 30), 1)
        count(database, town, date(2026, 12, day), 1)
        assert publish(database, date(2026, 12, day)) is None
        assert read(database, NOVEMBER) == before
    assert publish(database, date(2027, 1, 2)) == date(2026, 12, 1)
    assert read(database, NOVEMBER) == before


def test_missed_months_are_published_in_order_without_stocks(made: tuple[Database, Town]) -> None:
    database, town = made
    for day in (date(2026, 10, 3), date(2026, 11, 3)):
        count(database, town, day, 40)
    with database.session() as session:
        sum_scans(session, date(2026, 10, 3))  # by community meanwhile
    assert [publish(database, date(2026, 12, 9)) for _ in range(3)] == [OCTOBER, NOVEMBER, None]
    found = read(database, OCTOBER).counties[HOME]
    assert found == {Subject.SCANS: 40, Subject.REPORTS: None, Subject.ANSWER_DAYS: None}
    assert set(read(database, NOVEMBER).counties[HOME]) == {*Subject} - {
        Subject.SCANS_BY_DAY,
        Subject.REPORTS_BY_KIND,
    }
    with database.reading() as session:
        assert list_months(session) == [NOVEMBER, OCTOBER]


def test_a_small_count_is_not_even_stored(made: tuple[Database, Town]) -> None:
    database, town = made
    count(database, town, date(2026, 11, 3), 9)
    publish(database, date(2026, 12, 9))
    assert read(database, NOVEMBER).counties[HOME][Subject.SCANS] is None
    with database.reading() as session:
        assert session.scalar(text("select count(*) from published_figure where value < 10")) == 0


def test_days_are_told_when_none_of_them_is_small(made: tuple[Database, Town]) -> None:
    database, town = made
    for day in range(1, 31):
        count(database, town, date(2026, 11, day), 10 + day)
    publish(database, date(2026, 12, 2))
    with database.reading() as session:
        found = [f for _, f in list_figures(session, NOVEMBER, NOVEMBER, with_days=True)]
    days = [f.value or 0 for f in found if f.subject is Subject.SCANS_BY_DAY]
    assert days == [10 + day for day in range(1, 31)]
    assert read(database, NOVEMBER).counties[HOME][Subject.SCANS] == sum(days)


def test_a_register_without_anything_to_tell_publishes_nothing(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    assert publish(database, date(2026, 12, 9)) is None
    with database.reading() as session:
        assert list_months(session) == []
    database.dispose()


def test_two_workers_at_once_publish_a_month_once(made: tuple[Database, Town]) -> None:
    database, town = made
    count(database, town, date(2026, 11, 3), 40)
    done: list[date | None] = []
    other = threading.Thread(target=lambda: done.append(publish(database, date(2026, 12, 9))))
    with database.session() as session:
        done.append(publish_month(session, datetime.fromisoformat("2026-12-09T12:00+08:00")))
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(10)
    assert done == [NOVEMBER, None]


def test_reports_are_told_by_county_and_kind_with_the_days_to_the_answer(
    made: tuple[Database, Town],
) -> None:
    database, town = made
    with database.session() as session:
        for number, token in enumerate(town.all_tokens[12:24]):
            make_report(session, token, ReportKind.BROKEN if number < 10 else ReportKind.PHONE)
        session.execute(
            text(
                "update report set received_at = :at, closed_at = :at + interval '3 days', "
                "state = 'done' where kind = 'broken'"
            ),
            {"at": start_of(date(2026, 11, 5))},
        )
        session.execute(
            text("update report set received_at = :at where kind = 'phone'"),
            {"at": start_of(date(2026, 11, 5))},
        )
    publish(database, date(2026, 12, 2))
    found = read(database, NOVEMBER)
    assert found.counties[HOME][Subject.REPORTS] == 12
    assert found.counties[HOME][Subject.ANSWER_DAYS] == 3
    assert found.kinds == {}  # two calls about telephones would be told by the difference
