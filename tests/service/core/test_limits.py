import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import psycopg
import pytest

from service.core.async_pool import conninfo_of
from service.core.errors import TooOften
from service.core.limits import Limit, Limits, address_of, network_of, networks_of
from tests.database import TestDatabase
from tests.event_loop import run_apart

FIVE = Limit("test", 5)


def run(url: str, work: Callable[[Limits], Awaitable[None]]) -> None:
    async def inside() -> None:
        limits = Limits(url)
        try:
            await work(limits)
        finally:
            await limits.close()

    run_apart(inside())


async def admitted(limits: Limits, address: str, asked: int, limit: Limit = FIVE) -> int:
    waits = []
    for _ in range(asked):
        try:
            await limits.take(limit, address)
        except TooOften as error:
            waits.append(error.retry_after)
    assert all(0 < wait <= limit.seconds for wait in waits)
    return asked - len(waits)


def test_two_processes_admit_together_what_one_may(fresh_database: TestDatabase) -> None:
    async def work(one: Limits) -> None:
        other = Limits(fresh_database.app_url)
        counts = await asyncio.gather(
            admitted(one, "203.0.113.7", 60, Limit("test", 40)),
            admitted(other, "203.0.113.7", 60, Limit("test", 40)),
        )
        await other.close()
        assert sum(counts) == 40

    run(fresh_database.app_url, work)


def test_a_household_of_ipv6_counts_as_one_and_a_neighbour_does_not(
    fresh_database: TestDatabase,
) -> None:
    async def work(limits: Limits) -> None:
        assert await admitted(limits, "2001:db8:1:2::1", 3) == 3
        assert await admitted(limits, "2001:db8:1:2:ffff::9", 9) == 2
        assert await admitted(limits, "2001:db8:1:3::1", 9) == 5
        assert await admitted(limits, "192.0.2.1", 9, Limit("other", 5)) == 5
        assert await admitted(limits, "::ffff:192.0.2.1", 9, Limit("other", 5)) == 0

    run(fresh_database.app_url, work)


def test_whoever_waited_is_admitted_again(fresh_database: TestDatabase) -> None:
    async def work(limits: Limits) -> None:
        short = Limit("short", 2, seconds=1)
        assert await admitted(limits, "192.0.2.1", 9, short) == 2
        await asyncio.sleep(1.05)
        assert await admitted(limits, "192.0.2.1", 9, short) == 2

    run(fresh_database.app_url, work)


def test_no_address_is_kept_and_nothing_longer_than_an_hour(fresh_database: TestDatabase) -> None:
    async def work(limits: Limits) -> None:
        await admitted(limits, "192.0.2.1", 1)
        with psycopg.connect(conninfo_of(fresh_database.app_url), autocommit=True) as direct:
            rows = direct.execute("select kind, who, salt from request_count").fetchall()
            day = datetime.now(UTC).date().isoformat().encode()
            assert {(kind, who == day) for kind, who, _ in rows} == {
                ("test", False),
                ("salt", True),
            }
            assert all(b"192.0" not in who and network_of("192.0.2.1") != who for _, who, _ in rows)
            old = "update request_count set started_at = now() - interval '61 minutes'"
            direct.execute(old)
            direct.execute(
                "insert into request_count (kind, who, salt) values ('salt', '2026-01-01', '')"
            )
            limits.start()
            for _ in range(50):
                await asyncio.sleep(0.1)
                left = direct.execute("select kind, who from request_count").fetchall()
                if len(left) == 1:
                    break
            assert left == [("salt", day)]

    run(fresh_database.app_url, work)


def test_without_the_database_each_process_counts_for_itself() -> None:
    async def work(limits: Limits) -> None:
        assert await admitted(limits, "192.0.2.1", 9) == 5

    run("postgresql+psycopg://nobody@/nothing?host=/nowhere", work)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_only_a_trusted_proxy_is_believed_and_only_its_nearest_word(
    peer: str, forwarded: list[str], expected: str
) -> None:
    assert address_of(peer, forwarded, networks_of(["10.0.0.0/8"])) == expected
    assert address_of(peer, forwarded, ()) == peer


def test_many_addresses_together_get_no_further_than_the_total(
    fresh_database: TestDatabase,
) -> None:
    async def work(limits: Limits) -> None:
        guess = Limit("guess", 3, total=20)
        flood = await admitted(limits, "192.0.2.1", 50, guess)
        others = [await admitted(limits, f"198.51.100.{n}", 1, guess) for n in range(60)]
        assert flood == 3, "one address takes its share, not the total"
        assert sum(others) == 17
        assert await admitted(limits, "203.0.113.5", 5, Limit("another", 3, total=20)) == 3

    run(fresh_database.app_url, work)
