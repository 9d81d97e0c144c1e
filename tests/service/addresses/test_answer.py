from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.app import Application, create_app
from service.auth.commands import create_client
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import migrated_database
from tests.factories.towns import Town, make_town

Asked = tuple[Application, TestClient, Town, str]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            town = make_town(session, doors=16)
            key = str(create_client(session, "department", COMMAND_LINE))
        app = create_app(database, get_settings())
        with TestClient(app) as client:
            yield app, client, town, key


def test_the_quick_answer_is_that_of_the_route(asked: Asked) -> None:
    app, client, town, key = asked
    route = TestClient(app.fastapi)
    codes = [*town.codes, "3301061234567833", "330106", "3301 0612 3456 7833"]
    for code in codes:
        for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}):
            expected = route.get(f"/api/v1/addresses/{code}", headers=headers)
            found = client.get(f"/api/v1/addresses/{code}", headers=headers)
            assert found.status_code == expected.status_code, code
            assert found.json() == expected.json(), code
            assert list(found.json()) == list(expected.json())
            assert dict(found.headers) == dict(expected.headers), code


def test_without_a_valid_key_nothing_is_said(asked: Asked) -> None:
    _, client, town, key = asked
    for headers in ({}, {"Authorization": f"Bearer {key[:-1]}x"}, {"X-API-Key": "mp_1_2"}):
        answer = client.get(f"/api/v1/addresses/{town.codes[0]}", headers=headers)
        assert answer.status_code == 401
        assert town.codes[0] not in answer.text
