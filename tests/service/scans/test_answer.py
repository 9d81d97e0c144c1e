import time
from collections.abc import Iterator
from itertools import product

import httpx2
import psycopg
import pytest
from starlette.testclient import TestClient

from service.app import Application, create_app
from service.core.async_pool import conninfo_of
from service.core.database import Database
from service.core.settings import get_settings
from service.scans.card import ScanCard
from service.scans.queries.cards import find_card
from service.scans.site import site_of
from tests.database import TestDatabase, migrated_database
from tests.factories.fixed_scans import ScanApp
from tests.factories.towns import Town, make_town

QUERIES = ("", "?v=elder", "?lang=en", "?v=elder&lang=en", "?utm=1")


@pytest.fixture(scope="module")
def town_database() -> Iterator[tuple[TestDatabase, Town]]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            town = make_town(session)
        database.dispose()
        yield made, town


@pytest.fixture(scope="module")
def town(town_database: tuple[TestDatabase, Town]) -> Town:
    return town_database[1]


def app_of(made: TestDatabase) -> Application:
    """The application; a test asks for unknown tokens more often than a stranger may."""
    settings = get_settings().model_copy(update={"unknown_token_limit": 10_000})
    return create_app(Database(made.app_url), settings)


@pytest.fixture(scope="module")
def scans(town_database: tuple[TestDatabase, Town]) -> Iterator[TestClient]:
    """The whole application, as it runs."""
    with TestClient(app_of(town_database[0])) as client:
        yield client


@pytest.fixture(scope="module")
def fresh(town_database: tuple[TestDatabase, Town]) -> Iterator[TestClient]:
    """The same endpoint, which reads every card anew in a session of its own."""
    database = Database(town_database[0].app_url)

    def find(token: str) -> ScanCard | None:
        with database.reading() as session:
            return find_card(session, token)

    app = ScanApp(find, lambda _: None, site_of(get_settings()))
    with TestClient(app) as client:
        yield client
    database.dispose()


def lasting(answer: httpx2.Response) -> dict[str, str]:
    """The headers of an answer but for those that count how often one has asked."""
    return {n: v for n, v in answer.headers.items() if not n.startswith("ratelimit")}


def test_what_is_kept_is_what_would_be_read_anew(
    scans: TestClient, fresh: TestClient, town: Town
) -> None:
    tokens = [*town.tokens.values(), town.all_tokens[15], "0000000000"]
    asked = [*product(QUERIES, ["text/html"]), ("", "application/json"), ("", "*/*")]
    for token, (query, accept) in product(tokens, asked):
        expected = fresh.get(f"/{token}{query}", headers={"Accept": accept})
        for when in ("fetched", "kept"):
            found = scans.get(f"/{token}{query}", headers={"Accept": accept})
            where = f"{when} {token}{query} {accept}"
            assert found.status_code == expected.status_code, where
            assert found.content == expected.content, where
            assert lasting(found) == lasting(expected), where


def test_head_gives_the_headers_alone(scans: TestClient, town: Town) -> None:
    for token in (town.tokens["in_use"], town.tokens["alone"], "0000000000"):
        page, head = scans.get(f"/{token}"), scans.head(f"/{token}")
        assert head.content == b""
        assert lasting(head) == lasting(page)


def test_every_way_to_write_a_token_finds_its_plate(scans: TestClient, town: Town) -> None:
    token = town.tokens["in_use"]
    page = scans.get(f"/{token}").content
    folded = token.replace("0", "o").replace("1", "l").lower()
    assert scans.get(f"/{folded}").content == page
    assert scans.get(f"/{token[:5]}-{token[5:]}").content == page


def test_a_cache_that_holds_the_page_is_told_that_it_still_holds(
    scans: TestClient, town: Town
) -> None:
    first = scans.get(f"/{town.tokens['alone']}")
    tag = first.headers["etag"]
    again = scans.get(f"/{town.tokens['alone']}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert "etag" not in scans.get(f"/{town.tokens['in_use']}").headers


def test_other_methods_are_refused(scans: TestClient, town: Town) -> None:
    assert scans.post(f"/{town.tokens['in_use']}").status_code == 405
    assert scans.get("/privacy").status_code == 200
    assert scans.get("/nothing-here").status_code == 404


def test_another_process_finds_the_bodies_that_were_made_and_fills_them_alike(
    scans: TestClient, town_database: tuple[TestDatabase, Town]
) -> None:
    made, town = town_database
    tokens = [town.tokens[name] for name in ("in_use", "damaged", "lost", "alone", "nowhere")]
    pages = {token: scans.get(f"/{token}").content for token in tokens}
    count = "select count(*) from kept_body where token = any(%s)"
    with psycopg.connect(conninfo_of(made.app_url), autocommit=True) as direct:
        deadline = time.monotonic() + 20
        while direct.execute(count, (tokens,)).fetchone() != (5,):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with TestClient(app_of(made)) as client:
            assert {token: client.get(f"/{token}").content for token in tokens} == pages
            direct.execute(
                "update plate set status = 'lost', status_reason = '<u>' where token = %s",
                (town.all_tokens[16],),
            )
            assert "<u>" not in (page := client.get(f"/{town.all_tokens[16]}").text)
            assert "&lt;u&gt;" in page
