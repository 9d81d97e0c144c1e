from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.factories.heritage_api import heritage_api


@pytest.fixture
def client(catalogue: Session) -> Iterator[TestClient]:
    with heritage_api(catalogue) as client:
        yield client


def test_place_names_are_found_by_any_name_by_kind_and_by_division(client: TestClient) -> None:
    found = client.get("/api/v1/place-names", params={"q": "西陵"}).json()["place_names"]
    assert [(one["standard_name"], one["pinyin"]) for one in found] == [
        ("西兴街道", "Xīxīng Jiēdào")
    ]
    asked = {"kind": "village", "division": "330324000000"}
    found = client.get("/api/v1/place-names", params=asked).json()["place_names"]
    assert found
    assert all(one["division"].startswith("330324") for one in found)
    unsure = client.get("/api/v1/place-names", params={"needs_review": True}).json()
    assert all(one["needs_review"] for one in unsure["place_names"])


def test_pages_follow_one_another_to_the_end(client: TestClient) -> None:
    cursor, seen = "", []
    while cursor is not None:
        page = client.get("/api/v1/place-names", params={"cursor": cursor, "limit": 90}).json()
        seen += [one["number"] for one in page["place_names"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 187


def test_one_place_name_has_its_dated_forms_and_an_unknown_one_a_reason(
    client: TestClient,
) -> None:
    one = client.get("/api/v1/place-names/ZJH-0020").json()
    assert ("始新县", 208, None) in [
        (form["text"], form["year_from"], form["year_to"]) for form in one["forms"]
    ]
    missing = client.get("/api/v1/place-names/none")
    assert (missing.status_code, missing.json()["title"]) == (404, "There is no such place name.")


def test_place_names_are_found_by_state_box_and_time(client: TestClient) -> None:
    def ask(**params: str) -> list[dict[str, Any]]:
        answer = client.get("/api/v1/place-names", params={"limit": "500"} | params)
        assert answer.status_code == 200, answer.text
        return answer.json()["place_names"]  # type: ignore[no-any-return]

    everything = ask()
    historical = ask(status="historical")
    assert {one["status"] for one in historical} <= {"historical"}
    assert len(historical) + len(ask(status="current")) == len(everything)
    inside = ask(bbox="120.0,30.0,120.5,30.5")
    assert inside
    for one in inside:
        if one["geometry"]["type"] == "Point":
            lon, lat = one["geometry"]["coordinates"]
            assert (119.9 < lon < 120.6, 29.9 < lat < 30.6) == (True, True)
    assert len(inside) < len(everything)
    assert ask(changed_since="2020-01-01T00:00:00Z") == everything
    assert ask(changed_since="2100-01-01T00:00:00Z") == []
    assert client.get("/api/v1/place-names", params={"bbox": "1,2"}).status_code == 422
