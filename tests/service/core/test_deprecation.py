"""A call that ends says so in every answer, for a year at least, and in the description."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from service.app import create_pages
from service.core.database import Database
from service.core.deprecation import Deprecated
from service.core.errors import NotFound
from service.core.settings import Settings

ENDING = Deprecated(date(2027, 1, 1), date(2028, 1, 1), "/api/v2/areas")
NOWHERE = "postgresql+psycopg://nobody@/nothing"


@pytest.fixture
def app() -> Iterator[FastAPI]:
    database = Database(NOWHERE)
    app = create_pages(database, Settings())
    ends = {"deprecated": True, "dependencies": [Depends(ENDING)], "tags": ["divisions"]}

    @app.get("/api/v1/old", operation_id="old", **ends)  # type: ignore[arg-type]
    def old() -> dict[str, str]:
        """Something old."""
        return {"is": "old"}

    @app.get("/api/v1/lost", operation_id="lost", **ends)  # type: ignore[arg-type]
    def lost() -> None:
        """Something old that is not there."""
        raise NotFound("it is not there")

    @app.get("/api/v1/new", operation_id="new", tags=["divisions"])
    def new() -> dict[str, str]:
        """Something new."""
        return {"is": "new"}

    yield app
    database.dispose()


def test_good_answers_and_refusals_say_since_when_until_when_and_what_instead(
    app: FastAPI,
) -> None:
    client = TestClient(app)
    for path in ("/api/v1/old", "/api/v1/lost"):
        headers = client.get(path).headers
        assert headers["deprecation"] == "@1798761600"
        assert headers["sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
        assert headers["link"] == '</api/v2/areas>; rel="successor-version"'


def test_a_call_that_goes_on_says_nothing(app: FastAPI) -> None:
    headers = TestClient(app).get("/api/v1/new").headers
    assert not {"deprecation", "sunset", "link"} & set(headers)


def test_a_year_is_the_shortest() -> None:
    with pytest.raises(ValueError, match="a year after"):
        Deprecated(date(2027, 1, 1), date(2027, 12, 31))


def test_the_description_marks_it_and_names_the_headers(app: FastAPI) -> None:
    paths: Any = app.openapi()["paths"]
    old, new = paths["/api/v1/old"]["get"], paths["/api/v1/new"]["get"]
    assert old["deprecated"] is True
    assert {"Deprecation", "Sunset", "Link"} <= set(old["responses"]["200"]["headers"])
    assert "Deprecation" not in str(new)


def test_whatever_is_marked_as_ending_is_declared_with_its_days() -> None:
    database = Database(NOWHERE)
    document: Any = create_pages(database, Settings()).openapi()
    database.dispose()
    marked = [
        call
        for methods in document["paths"].values()
        for call in methods.values()
        if call.get("deprecated")
    ]
    assert all("Sunset" in call["responses"]["200"]["headers"] for call in marked)
    assert "Sunset" in document["components"]["headers"]
