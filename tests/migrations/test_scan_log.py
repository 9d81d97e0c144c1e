"""Counts of scans are carried over to months, and back; what is published cannot be rewritten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from migrations import run
from tests.database import TestDatabase
from tests.migrations.test_filling import revision_before

HOUR = datetime(2026, 11, 20, 6, tzinfo=UTC)
ROWS = [
    ("A000000000", HOUR - timedelta(days=399), "current", 1),
    ("A000000000", HOUR, "current", 2),
    ("A000000000", HOUR, "void", 3),
    ("", HOUR + timedelta(days=40), "unknown", 4),
]


def rows(url: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("select token, hour, outcome, count from scan_count"))
        held = [tuple(row) for row in found]
    engine.dispose()
    return sorted(held, key=lambda row: row[3])


def test_what_was_counted_is_carried_over_and_back(fresh_database: TestDatabase) -> None:
    run.downgrade(fresh_database.owner_url, revision_before("scan_log"))
    engine = create_engine(fresh_database.app_url)
    with engine.begin() as connection:
        for row in ROWS:
            values = dict(zip("thoc", row, strict=True))
            connection.execute(text("insert into scan_count values (:t, :h, :o, :c)"), values)
    engine.dispose()
    for step in (run.upgrade, lambda url: run.downgrade(url, revision_before("scan_log"))):
        step(fresh_database.owner_url)
        assert rows(fresh_database.app_url) == ROWS
    run.upgrade(fresh_database.owner_url)


@pytest.mark.parametrize(
    "statement",
    [
        "update published_figure set value = 99",
        "delete from published_figure",
        "truncate published_figure",
        "update published_month set counted_on = '2026-01-01'",
        "delete from published_month",
    ],
)
def test_the_application_cannot_rewrite_what_is_published(
    fresh_database: TestDatabase, statement: str
) -> None:
    engine = create_engine(fresh_database.app_url)
    with engine.connect() as connection:
        month = "insert into published_month values ('2026-11-01', '2026-12-02')"
        figure = "insert into published_figure values ('2026-11-01', 'scans', '330102', '', {})"
        connection.execute(text(month))
        connection.execute(text(figure.format(10)))
        connection.commit()
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement))
        connection.rollback()
        with pytest.raises(IntegrityError, match="ck_published_figure_value"):
            connection.execute(text(figure.replace("330102", "330106").format(9)))
    engine.dispose()
