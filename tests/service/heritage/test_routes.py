import csv
import io
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from address_model.heritage.flat import entry_from_row
from address_model.heritage.linked_places import from_linked_places
from address_model.shipped import data_folder
from service.core.actor import COMMAND_LINE
from service.core.sheets.rows import unprotect
from service.divisions.commands import load_changes
from service.divisions.sources import read_changes
from service.heritage.commands import load_catalogue
from service.heritage.queries import get_entry
from tests.factories.heritage import HAIYAN, HEFANG, WUZHEN, entry_of, heritage_client, place_of
from tests.factories.heritage_api import heritage_api

FORMULA = '=HYPERLINK("http://evil.test","x")'


@pytest.fixture
def client(catalogue: Session) -> Iterator[TestClient]:
    with heritage_api(catalogue) as client:
        yield client


def test_entries_are_searched_and_narrowed_and_go_on_over_pages(client: TestClient) -> None:
    found = client.get("/api/v1/heritage", params={"q": "西陵"}).json()
    assert [(one["name"], one["county"]) for one in found["entries"]] == [("西兴街道", "滨江区")]
    assert client.get("/api/v1/heritage", params={"class": "bridge"}).json()["total"] > 1
    cursor, seen = "", []
    while cursor is not None:
        page = client.get("/api/v1/heritage", params={"cursor": cursor, "limit": 100}).json()
        seen += [one["id"] for one in page["entries"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == page["total"] == 187


def test_an_entry_says_everything_with_its_sources(client: TestClient) -> None:
    entry = client.get(f"/api/v1/heritage/{WUZHEN}").json()
    assert (entry["settlement_since"], entry["name_since"]) == (872, 1190)
    assert entry["url"] == f"https://dz.test/heritage/{WUZHEN}"
    assert {one["status"] for one in entry["recognitions"]} == {"not_selected"}
    assert all(one["citations"] for one in entry["claims"] if one["grade"])
    assert {one["year"] for one in entry["attestations"]} == {
        one["year"] for one in entry["claims"] if one["year"]
    }
    assert entry["accounts"][0]["text"] == entry["summary"]
    assert {one["title"] for one in entry["sources"]} == {
        cited["title"] for one in entry["claims"] for cited in one["citations"]
    }
    assert entry["forms"][0]["text"]
    missing = client.get("/api/v1/heritage/ZJH-9999")
    assert (missing.status_code, missing.json()["title"]) == (
        404,
        "There is no such heritage entry.",
    )


def test_row_12_a_point_is_written_no_closer_than_it_is_known(client: TestClient) -> None:
    exact = client.get(f"/api/v1/heritage/{HAIYAN}").json()["position"]
    assert exact["geometry"]["coordinates"] == [120.949, 30.515]
    assert (exact["accuracy_m"], exact["is_estimate"]) == (1000, False)
    guess = client.get(f"/api/v1/heritage/{HEFANG}").json()["position"]
    assert guess["is_estimate"]
    assert all(one == round(one, 2) for one in guess["geometry"]["coordinates"])


def test_row_17_the_same_search_comes_as_geojson_linked_places_and_csv(
    client: TestClient, catalogue: Session
) -> None:
    asked: dict[str, str | int] = {"division": "3304", "limit": 3}
    plain = client.get("/api/v1/heritage", params=asked).json()
    ids = [one["id"] for one in plain["entries"]]
    features = client.get("/api/v1/heritage", params=asked | {"format": "geojson"})
    assert features.headers["content-type"] == "application/geo+json"
    assert [one["id"] for one in features.json()["features"]] == ids
    assert "menpai" not in features.json()["features"][0]
    lpf = client.get("/api/v1/heritage", params=asked | {"format": "lpf"})
    assert from_linked_places(lpf.json()) == [get_entry(catalogue, one) for one in ids]
    table = client.get("/api/v1/heritage", params=asked | {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    read = [entry_from_row({k: unprotect(v) for k, v in row.items()}) for row in rows]
    assert read == [get_entry(catalogue, one) for one in ids]
    assert table.headers["link"].endswith('rel="next"')
    assert f"cursor={ids[-1]}" in table.headers["link"]


def test_no_formula_leaves_in_a_table(client: TestClient, catalogue: Session) -> None:
    place = place_of(number="T-1", standard_name=FORMULA, meaning="+1", origin="@x")
    entry = entry_of(place, story_zh="-2+3", summary="\t=1", note="＝1")
    assert load_catalogue(catalogue, [entry], [], COMMAND_LINE).new == ["T-1"]
    table = client.get("/api/v1/heritage", params={"format": "csv", "cursor": "T-0", "limit": 1})
    [row] = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    risky = [cell for cell in row.values() if cell and cell[0] in "=+-@\t\r＝＋－＠"]
    assert risky == []
    assert row["standard_name"] == "'" + FORMULA
    assert entry_from_row({k: unprotect(v) for k, v in row.items()}).story_zh == "-2+3"


def test_row_24_the_old_code_of_anchang_town_still_leads_to_it(
    client: TestClient, catalogue: Session
) -> None:
    history = data_folder() / "divisions" / "zj_history_changes_1980_2026.json"
    load_changes(catalogue, read_changes(history))
    for code in ("330603106", "330603106000", "330621106", "330603007"):
        moved = client.get(f"/api/v1/heritage/{code}")
        assert (moved.status_code, moved.headers["location"]) == (308, "/api/v1/heritage/ZJH-0022")
    with heritage_client(catalogue) as pages:
        page = pages.get("/heritage/330603106?lang=en")
        assert (page.status_code, page.headers["location"]) == (308, "/heritage/ZJH-0022?lang=en")
        assert pages.get("/heritage/999999").status_code == 404
    assert client.get("/api/v1/heritage/999999").status_code == 404


@pytest.mark.parametrize(
    "asked", [{"division": "x"}, {"format": "exe"}, {"limit": 0}, {"q": "x" * 41}, {"q": "a\x00"}]
)
def test_what_cannot_be_understood_is_refused(
    client: TestClient, asked: dict[str, str | int]
) -> None:
    assert client.get("/api/v1/heritage", params=asked).status_code == 422
