"""Quotas of grants: counted a minute and a day, shared by the processes of a service."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from address_model.sensitivity import FieldClass
from service.auth import grant_quotas
from service.auth.grant_quotas import GrantQuotas
from service.auth.grants import Grant, Program
from service.auth.permissions import Permission
from service.core.clock import zone
from service.core.database import Database
from service.core.errors import TooOften
from service.core.quotas import join_headers
from tests.database import TestDatabase

NOON = datetime(2026, 12, 1, 12, 0, 20, tzinfo=zone())


def grant(number: int, per_minute: int = 0, per_day: int = 0) -> Grant:
    reading, public = frozenset({Permission.ADDRESSES_READ}), frozenset({FieldClass.PUBLIC})
    return Grant(number, "", reading, public, per_minute=per_minute, per_day=per_day)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time of the quotas, to be set by the test."""
    held = [NOON]
    monkeypatch.setattr(grant_quotas, "now_utc", lambda: held[0])
    return held


def admitted(quotas: GrantQuotas, one: Grant, asked: int) -> int:
    refused = 0
    for _ in range(asked):
        try:
            quotas.take(one)
        except TooOften:
            refused += 1
    return asked - refused


def test_a_grant_has_so_many_calls_a_minute_and_a_day(
    fresh_database: TestDatabase, at: list[datetime]
) -> None:
    quotas, one = GrantQuotas(Database(fresh_database.app_url)), grant(1, 10, 25)
    first = quotas.take(one)
    assert join_headers(first) == {
        "RateLimit-Policy": '"minute";q=10;w=60, "day";q=25;w=86400',
        "RateLimit": '"minute";r=9;t=40, "day";r=24;t=43180',
    }
    assert admitted(quotas, one, 20) == 9
    with pytest.raises(TooOften) as refused:
        quotas.take(one)
    assert refused.value.retry_after == 40
    assert refused.value.quota is not None
    assert (refused.value.quota.name, refused.value.quota.remaining) == ("minute", 0)
    at[0] = NOON + timedelta(minutes=1)
    assert admitted(quotas, one, 20) == 10
    at[0] = NOON + timedelta(minutes=2)
    assert admitted(quotas, one, 20) == 5
    at[0] = NOON + timedelta(days=1)
    assert admitted(quotas, one, 20) == 10


def test_grants_are_counted_apart_and_without_a_quota_not_at_all(
    fresh_database: TestDatabase,
) -> None:
    quotas = GrantQuotas(Database(fresh_database.app_url))
    assert admitted(quotas, grant(1, 5), 9) == 5
    assert admitted(quotas, grant(2, 0, 5), 9) == 5
    assert admitted(quotas, grant(3), 99) == 99


def test_processes_share_what_they_have_counted(
    fresh_database: TestDatabase, at: list[datetime]
) -> None:
    database = Database(fresh_database.app_url)
    one, other, asked = GrantQuotas(database), GrantQuotas(database), grant(1, 10, 100)
    assert (admitted(one, asked, 4), admitted(other, asked, 4)) == (4, 4)
    for _ in range(2):
        one.share()
        other.share()
    assert admitted(one, asked, 1) == 1
    one.share()
    assert admitted(one, asked, 9) == 1
    one.share()
    assert admitted(other, asked, 1) == 1
    other.share()
    assert admitted(other, asked, 1) == 0
    with database.reading() as session:
        sums = text("select kind, count from request_count where kind like 'grant%' order by kind")
        assert session.execute(sums).all() == [("grant_day", 11), ("grant_minute", 11)]
    database.dispose()


def test_counts_are_kept_while_the_database_is_away(at: list[datetime]) -> None:
    quotas = GrantQuotas(Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    one = grant(1, 5)
    assert admitted(quotas, one, 3) == 3
    with pytest.raises(Exception, match="database"):
        quotas.share()
    assert admitted(quotas, one, 9) == 2


def test_a_call_counts_on_the_most_generous_grant_that_opens_it() -> None:
    held = (grant(1, 10, 100), grant(2, 20, 100), grant(3, 20, 50))
    program = Program(1, "police", held)
    assert program.charged(Permission.ADDRESSES_READ) == held[1]
    assert program.charged() == held[1]
    assert program.charged(Permission.PLATES_READ) is None
    assert Program(1, "police", (*held, grant(4))).charged() == grant(4)
