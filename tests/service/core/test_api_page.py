import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings
from tests.database import TestDatabase


@pytest.fixture
def register(database: TestDatabase) -> Iterator[Database]:
    opened = Database(database.app_url)
    yield opened
    opened.dispose()


def client_of(register: Database, **settings: object) -> TestClient:
    app = create_app(register, Settings(**settings))  # type: ignore[arg-type]
    app.fastapi.state.gate = None
    return TestClient(app, follow_redirects=False)


def test_the_page_of_the_api_runs_no_script_but_our_files(register: Database) -> None:
    client = client_of(register, env="demo")
    page = client.get("/docs")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r"<script[^>]*>([^<]+)</script>|<[^>]+ (?:on\w+|style)=", page.text) == []
    for link in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert link.startswith("/")
        assert client.get(link).status_code == 200, link


def test_production_shows_it_only_where_its_operator_says_so(register: Database) -> None:
    for settings, status in (({}, 404), ({"api_page": True}, 200), ({"env": "demo"}, 200)):
        client = client_of(register, **settings)
        assert client.get("/docs").status_code == status, settings
        assert client.get("/redoc").status_code == 404
        assert client.get("/openapi.json").status_code == 200
    assert client_of(register, env="demo", api_page=False).get("/docs").status_code == 404
