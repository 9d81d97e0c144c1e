"""A town scans at 500 a second: alone, beside card printing, and while the database is away."""

import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from benchmarks.databases import bench_database
from benchmarks.http_load import Server, serving
from benchmarks.registers import Register, make_register, take_some
from benchmarks.rivals import DATABASE_VARIABLE
from benchmarks.steady_load import read_load, start_load
from service.cluster.local_postgres import ensure_cluster
from service.core.database import Database
from service.core.homes import bench_home
from tests.factories.hosts import PUBLIC_URL

pytestmark = pytest.mark.drill

PLATES, RATE, SECONDS = 100_000, 500, 60.0
P99_MS = 50.0
Town = tuple[Database, Register, Server]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with bench_database() as database:
        register = make_register(database, PLATES, tmp_path_factory.mktemp("town"))
        environment = {DATABASE_VARIABLE: database.url, "MENPAI_PUBLIC_URL": PUBLIC_URL}
        with serving(("service", "serve", "--no-worker"), environment=environment) as server:
            yield database, register, server


def get(server: Server, path: str) -> str:
    url = f"http://127.0.0.1:{server.port}{path}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read(), "utf-8", "replace")


def test_half_a_thousand_scans_a_second_for_a_minute(town: Town) -> None:
    _, register, server = town
    figures = read_load(start_load(server.port, register.tokens, RATE, SECONDS))
    assert figures["requests"] == RATE * SECONDS
    assert figures["errors"] == 0
    assert figures["p99"] <= P99_MS


def test_scans_are_as_quick_while_address_cards_are_printed(town: Town) -> None:
    _, register, server = town
    token = register.tokens.read_text().split()[0]
    load = start_load(server.port, register.tokens, RATE, SECONDS)
    printed = 0
    while load.poll() is None:
        assert get(server, f"/card/{token}.pdf").startswith("%PDF")
        printed += 1
    figures = read_load(load)
    assert printed > 20
    assert figures["errors"] == 0
    assert figures["p99"] <= P99_MS


def test_plates_scanned_lately_outlive_a_database_that_is_away_for_ten_seconds(
    town: Town,
) -> None:
    database, register, server = town
    lately = take_some(register.tokens, 300)
    for token in lately.read_text().split():
        assert "演示" in get(server, f"/{token}")
    load = start_load(server.port, lately, RATE, 40.0)
    time.sleep(10)
    seen: list[str] = []
    with_database_away(database, lambda: seen.append(get(server, f"/{first(lately)}")))
    figures = read_load(load)
    assert figures["errors"] == 0
    assert "示例0路" in seen[-1]
    assert "示例社区服务中心" not in seen[-1]
    deadline = time.monotonic() + 5
    while "示例社区服务中心" not in get(server, f"/{first(lately)}"):
        assert time.monotonic() < deadline, "the contacts do not come back"


def first(lines: Path) -> str:
    return lines.read_text().split()[0]


def with_database_away(database: Database, look: Callable[[], None]) -> None:
    """For ten seconds nobody may connect, and whoever is connected is thrown out."""
    name = make_url(database.url).database
    conninfo = ensure_cluster(bench_home()).superuser_conninfo
    out = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
    with psycopg.connect(conninfo, dbname="postgres", autocommit=True) as superuser:
        superuser.execute(f"alter database {name} allow_connections false")
        try:
            end = time.monotonic() + 10
            while time.monotonic() < end:
                superuser.execute(out, (name,))
                time.sleep(0.2)
            look()
        finally:
            superuser.execute(f"alter database {name} allow_connections true")
