"""Areas over the API: by kind, division and day, with borders as GeoJSON, never a contact."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.auth.permissions import Permission
from service.core.database import Database
from service.core.settings import get_settings
from tests.database import migrated_database
from tests.factories.areas import make_area, make_duty
from tests.factories.divisions import make_place
from tests.factories.programs import make_program

Asked = tuple[TestClient, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """A community with two grids in 上城区, one of which got a new border, and a grid elsewhere."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            here: dict[str, Any] = {"division_id": place.township_id}
            community = make_area(session, "community", "示例社区", code="SQ-1", **here)
            inside = here | {"parent_id": community.id}
            grid = make_area(session, name="示例网格 2", code="WG-2", version=2, **inside)
            grid.valid_from = date(2026, 6, 1)
            make_area(session, name="示例网格 1", code="WG-1", **inside)
            former = inside | {"valid_to": date(2026, 5, 31), "succeeded_by": grid.id}
            make_area(session, name="示例网格 2（旧）", code="WG-2", **former)
            ended = here | {"valid_to": date(2026, 3, 31)}
            make_area(session, name="示例网格 9", code="WG-9", **ended)
            there: dict[str, Any] = {"division_id": place.ids["330106001000"]}
            make_area(session, name="示例网格 5", code="WG-5", **there)
            make_duty(session, grid)
            keys = {
                "all": make_program(session, "all"),
                "county": make_program(session, "county", [Permission.AREAS_READ], "330102"),
                "none": make_program(session, "none", [Permission.UNITS_READ]),
            }
        with TestClient(create_app(database, get_settings())) as client:
            yield client, {name: {"X-API-Key": str(key)} for name, key in keys.items()}
        database.dispose()


def keys_of(asked: Asked, program: str = "all", **params: object) -> list[str]:
    client, keys = asked
    page = client.get("/api/v1/areas", params=params, headers=keys[program])  # type: ignore[arg-type]
    assert page.status_code == 200, page.text
    return [one["key"] for one in page.json()["areas"]]


def test_areas_are_listed_by_division_kind_and_code(asked: Asked) -> None:
    everything = ["community:SQ-1", "grid:WG-1", "grid:WG-2", "grid:WG-5"]
    assert keys_of(asked) == everything
    assert keys_of(asked, kind="grid", division="330102") == ["grid:WG-1", "grid:WG-2"]
    assert keys_of(asked, division="330106001000") == ["grid:WG-5"]
    client, keys = asked
    seen, cursor = [], 0
    while cursor is not None:
        params = {"limit": 1, "cursor": cursor}
        page = client.get("/api/v1/areas", params=params, headers=keys["all"])
        seen += [one["key"] for one in page.json()["areas"]]
        cursor = page.json()["next"]
        assert ("link" in page.headers) is (cursor is not None)
    assert seen == everything


def test_a_day_gives_the_areas_and_borders_of_then(asked: Asked) -> None:
    client, keys = asked
    assert keys_of(asked, at="2026-03-31", kind="grid", division="330102") == [
        "grid:WG-1", "grid:WG-2", "grid:WG-9",
    ]  # fmt: skip
    assert keys_of(asked, at="2025-12-31") == []
    path = "/api/v1/areas/grid:WG-2"
    then = client.get(path, params={"at": "2026-05-31"}, headers=keys["all"]).json()
    now = client.get(path, headers=keys["all"]).json()
    assert (then["name"], now["name"]) == ("示例网格 2（旧）", "示例网格 2")
    assert (now["parent"], now["valid_from"]) == ("community:SQ-1", "2026-06-01")
    assert now["version"] > then["version"]
    assert now["geometry"]["type"] == "MultiPolygon"
    gone = client.get("/api/v1/areas/grid:WG-9", headers=keys["all"])
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/area-not-found")


def test_borders_come_as_geojson(asked: Asked) -> None:
    client, keys = asked
    headers = keys["all"] | {"Accept": "application/geo+json"}
    page = client.get("/api/v1/areas", headers=headers)
    assert page.headers["content-type"] == "application/geo+json"
    (first, *_) = page.json()["features"]
    assert (first["id"], first["geometry"]["type"]) == ("community:SQ-1", "MultiPolygon")
    assert "geometry" not in client.get("/api/v1/areas", headers=keys["all"]).json()["areas"][0]
    one = client.get("/api/v1/areas/community:SQ-1", headers=headers).json()
    assert one == first
    refused = client.get("/api/v1/areas", headers=keys["all"] | {"Accept": "text/csv"})
    assert refused.status_code == 406


def test_no_contact_and_nothing_of_another_county_is_told(asked: Asked) -> None:
    client, keys = asked
    assert "演示甲" not in json.dumps(client.get("/api/v1/areas", headers=keys["all"]).json())
    assert keys_of(asked, "county") == ["community:SQ-1", "grid:WG-1", "grid:WG-2"]
    assert keys_of(asked, "county", division="330106") == []
    foreign = client.get("/api/v1/areas/grid:WG-5", headers=keys["county"])
    assert foreign.status_code == 404
    assert client.get("/api/v1/areas", headers=keys["none"]).status_code == 403
    assert client.get("/api/v1/areas").status_code == 401
