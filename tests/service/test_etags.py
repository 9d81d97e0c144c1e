"""ETags of the API: of a record by its version and all that is shown, of lists by what they say."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.app import create_app
from service.core.database import Database
from service.core.errors import BadRequest, ConditionMissing
from service.core.etags import is_unchanged, make_etag, read_if_match
from service.core.settings import Settings
from tests.database import migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.plates import make_plates
from tests.factories.programs import make_program


@dataclass
class Api:
    """The API over two plates."""

    database: Database
    tokens: list[str]
    code: str
    client: TestClient

    def write(self, statement: str, **values: str) -> None:
        with self.database.session() as session:
            session.execute(text(statement), values)


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, 2)
            code = session.execute(
                text("select code from plate where token = :token"), {"token": tokens[0]}
            ).scalar_one()
            key = make_program(session, "maps")
        headers = {"Authorization": f"Bearer {key}"}
        app = create_app(database, Settings(public_url=PUBLIC_URL))
        with TestClient(app, PUBLIC_URL, headers=headers) as client:
            yield Api(database, tokens, code, client)
        database.dispose()


def test_a_record_is_tagged_by_its_version_and_not_sent_again(api: Api) -> None:
    path = f"/api/v1/plates/{api.tokens[0]}"
    first = api.client.get(path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert etag.startswith(f'"{first.json()["version"]}.')
    same = api.client.get(path, headers={"If-None-Match": f'"other", {etag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    api.write("update plate set status_reason = '褪色' where token = :t", t=api.tokens[0])
    after = api.client.get(path, headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert after.json()["version"] == first.json()["version"] + 1


def test_what_is_shown_of_another_row_changes_the_tag_and_not_the_version(api: Api) -> None:
    path = f"/api/v1/plates/{api.tokens[1]}"
    first = api.client.get(path)
    api.write("update address set standard_text = standard_text || '东侧'")
    after = api.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["version"] == first.json()["version"]
    assert after.headers["etag"] != first.headers["etag"]


def test_both_ways_to_an_address_give_one_tag(api: Api) -> None:
    path = f"/api/v1/addresses/{api.code}"
    fast, route = api.client.get(path), api.client.get(f"{path}?include=")
    assert fast.content == route.content
    assert fast.headers["etag"] == route.headers["etag"]
    assert fast.headers["etag"].startswith(f'"{fast.json()["version"]}.')
    for way in (path, f"{path}?include="):
        same = api.client.get(way, headers={"If-None-Match": fast.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == fast.headers["etag"]
    api.write("update address set status_reason = '核查' where code = :code", code=api.code)
    after = api.client.get(path, headers={"If-None-Match": fast.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["version"] == fast.json()["version"] + 1


@pytest.mark.parametrize("path", ["addresses", "divisions", "place-names", "heritage"])
def test_a_list_is_tagged_by_what_it_says(api: Api, path: str) -> None:
    first = api.client.get(f"/api/v1/{path}")
    etag = first.headers["etag"]
    assert etag.startswith('".')
    assert api.client.get(f"/api/v1/{path}", headers={"If-None-Match": etag}).status_code == 304
    with pytest.raises(BadRequest):
        read_if_match(etag, needed=True)


def test_a_place_name_tells_its_version(api: Api) -> None:
    found = api.client.get("/api/v1/place-names").json()["place_names"][0]
    one = api.client.get(f"/api/v1/place-names/{found['number']}")
    assert one.json()["version"] == found["version"] >= 1
    assert one.headers["etag"].startswith(f'"{found["version"]}.')


def test_an_error_has_no_tag(api: Api) -> None:
    assert "etag" not in api.client.get("/api/v1/plates/0000000000").headers


def test_tags_are_compared_as_rfc_9110_says() -> None:
    etag = make_etag(b"{}", 7)
    assert etag.startswith('"7.')
    assert is_unchanged("*", etag)
    assert is_unchanged(f'W/{etag}, "1"', etag)
    assert not is_unchanged("", etag)
    assert not is_unchanged('"7"', etag)
    assert make_etag(b"{}") != make_etag(b"[]")


def test_if_match_gives_the_version_that_was_read() -> None:
    assert read_if_match(make_etag(b"{}", 12), needed=True) == 12
    assert read_if_match(' "12" ', needed=True) == 12
    assert read_if_match("*", needed=True) is None
    assert read_if_match(None, needed=False) is None
    with pytest.raises(ConditionMissing):
        read_if_match(None, needed=True)
