import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from address_model.tables import Duty
from service.app import create_app
from service.core.database import Database
from service.core.settings import get_settings
from service.scans.hot.service import ScanService
from service.scans.reader import PLAIN
from service.scans.site import Site
from tests.database import TestDatabase, migrated_database
from tests.event_loop import run_apart
from tests.factories.towns import Town, make_town

PHONE = re.compile(r"0571-?0000|057100000001")
NAME, NUMBER = "演示甲", "0571-00000001"
MIDNIGHT = datetime(2026, 11, 23, 16, tzinfo=UTC)


T = TypeVar("T")


def written(url: str, write: Callable[[Session], T]) -> T:
    """Write in a session of its own, and close what it opened."""
    database = Database(url)
    try:
        with database.session() as session:
            return write(session)
    finally:
        database.dispose()


@pytest.fixture
def made() -> Iterator[tuple[TestDatabase, Town]]:
    with migrated_database() as database:
        yield database, written(database.app_url, lambda session: make_town(session, doors=24))


def while_scanning(
    url: str, clock: Callable[[], datetime], work: Callable[[ScanService], Awaitable[None]]
) -> None:
    async def inside() -> None:
        database = Database(url)
        scans = ScanService(database, Site(), lambda: clock().timestamp())
        scans.start()
        try:
            await work(scans)
        finally:
            await scans.close()
            database.dispose()

    run_apart(inside())


async def text_of(scans: ScanService, token: str) -> str:
    page = await scans.page(token, PLAIN)
    assert page is not None
    return page.text.decode()


def test_a_kept_page_ends_at_midnight_where_the_duty_ends(
    made: tuple[TestDatabase, Town],
) -> None:
    database, town = made
    ends = update(Duty).values(valid_to=date(2026, 11, 23))
    written(database.app_url, lambda session: session.execute(ends))
    now = MIDNIGHT - timedelta(seconds=1)

    async def work(scans: ScanService) -> None:
        nonlocal now
        token = town.all_tokens[20]
        for _ in range(3):
            assert NUMBER in await text_of(scans, token)
        now = MIDNIGHT
        assert NUMBER not in await text_of(scans, token)

    while_scanning(database.app_url, lambda: now, work)


def test_what_waits_at_the_same_time_is_fetched_together(
    made: tuple[TestDatabase, Town],
) -> None:
    database, town = made

    async def work(scans: ScanService) -> None:
        pages = await asyncio.gather(*[text_of(scans, token) for token in town.all_tokens])
        assert all("河坊街" in page or "不要相信它" in page for page in pages)

    while_scanning(database.app_url, lambda: datetime.now(UTC), work)


@contextmanager
def away(database: TestDatabase) -> Iterator[None]:
    """The database throws everybody out and lets nobody in."""
    with database.cluster.connect_as_superuser() as superuser:
        superuser.execute(f"alter database {database.name} allow_connections false")
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
            (database.name,),
        )
        try:
            yield
        finally:
            superuser.execute(f"alter database {database.name} allow_connections true")


def test_without_the_database_plates_answer_without_contacts_and_then_as_before(
    made: tuple[TestDatabase, Town],
) -> None:
    database, town = made
    token, other = town.all_tokens[20:22]
    with TestClient(create_app(Database(database.app_url), get_settings())) as client:
        before = client.get(f"/{token}")
        assert NUMBER in before.text
        with away(database):
            time.sleep(0.2)
            found = client.get(f"/{token}")
            assert found.status_code == 200
            assert "河坊街" in found.text
            assert not PHONE.search(found.text)
            assert found.headers["cache-control"] == "private, no-store"
            lost = client.get(f"/{other}")
            assert lost.status_code == 503
            assert "系统正在恢复" in lost.text
        deadline = time.monotonic() + 10
        while client.get(f"/{token}").content != before.content:
            assert time.monotonic() < deadline, "the contacts do not come back"
            time.sleep(0.1)
        assert client.get(f"/{other}").status_code == 200


def test_no_log_line_and_no_error_names_anybody(
    made: tuple[TestDatabase, Town],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fall(*_: object) -> None:
        raise RuntimeError(f"{NAME} {NUMBER}")

    database, town = made
    token = town.all_tokens[20]
    bodies = []
    with TestClient(create_app(Database(database.app_url), get_settings())) as client:
        assert NAME in client.get(f"/{token}").text
        with away(database):
            time.sleep(0.2)
            bodies += [client.get(path).text for path in (f"/{token}", "/0000000000")]
        monkeypatch.setattr(ScanService, "page", fall)
        for accept in ("text/html", "application/problem+json, application/json"):
            answer = client.get(f"/{token}", headers={"Accept": accept})
            bodies.append(answer.text)
        assert client.get(f"/{token}").status_code == 500
    said = capfd.readouterr()
    for text in (said.out, said.err, *bodies[:3]):
        assert NAME not in text
        assert not PHONE.search(text)
        assert town.all_tokens[21] not in text
    assert token not in said.out + said.err
