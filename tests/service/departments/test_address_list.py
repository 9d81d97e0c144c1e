"""Lists of addresses over the API: filters, fields, parts, formats, coordinate systems, grants."""

import csv
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text, update

from address_model.coordinates import CoordinateSystem, Point, convert
from address_model.tables import Address, PlaceName
from tests.factories.streets_served import DOORS, ServedStreets, served_streets

NUMBERS = [str(n) for n in range(1, DOORS + 1)]


@pytest.fixture(scope="module")
def streets() -> Iterator[ServedStreets]:
    with served_streets() as made:
        yield made


def test_pages_follow_one_another_to_the_end_in_order_of_code(streets: ServedStreets) -> None:
    assert streets.listed() == sorted(streets.codes.values())
    page = streets.get("/addresses", params={"limit": 2, "status": "active"})
    assert page.headers["link"].endswith('>; rel="next"')
    assert f"cursor={page.json()['next']}" in page.headers["link"]


def test_a_division_is_a_county_or_what_lies_in_it_or_a_city(streets: ServedStreets) -> None:
    foreign = streets.of("foreign")
    assert streets.listed(division="330106") == foreign
    assert streets.listed(division="330106001000") == foreign
    assert streets.listed(division="3301") == sorted(streets.codes.values())
    assert streets.listed(division="3302") == []
    assert set(streets.listed(division="330102")) == set(streets.codes.values()) - set(foreign)


def test_states_and_levels_limit_a_list(streets: ServedStreets) -> None:
    assert streets.listed(status="frozen") == streets.of("2")
    assert streets.listed(status="replaced", division="330102") == streets.of("3")
    assert streets.listed(level="room") == streets.of("room")
    assert streets.listed(level="thing", division="3301") == streets.of("stop")
    assert streets.listed(level="building", status="frozen") == []


def test_a_place_is_asked_for_by_number_or_by_a_name(streets: ServedStreets) -> None:
    with streets.database.reading() as session:
        rows = session.execute(select(PlaceName.number, PlaceName.county)).all()
    numbers = {county: number for number, county in rows if county}
    along = streets.listed(place=numbers["330102"])
    assert along == sorted(set(streets.codes.values()) - set(streets.of("foreign")))
    assert streets.listed(street="河坊街") == sorted(streets.codes.values())
    assert streets.listed(street="hefangjie", division="330106") == streets.of("foreign")
    assert streets.listed(street="河坊街", place=numbers["330106"]) == streets.of("foreign")
    assert streets.listed(street="没有的街") == []
    missing = streets.get("/addresses", params={"place": "330102000000000000"})
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/place-name-not-found")


def test_points_are_asked_for_by_box_or_circle_in_any_system(streets: ServedStreets) -> None:
    assert streets.listed(bbox="120.1635,30.2,120.1655,30.3") == streets.of("4", "5")
    assert streets.listed(near="120.164,30.24,50") == streets.of("4")
    assert streets.listed(near="120.164,30.24,97", division="330102") == streets.of("3", "4", "5")
    assert streets.listed(bbox="121,30.2,122,30.3") == []
    there = convert(Point(120.164, 30.24), CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02)
    shifted = f"{there.lon},{there.lat},50"
    assert streets.listed(near=shifted) == []
    assert streets.listed(near=shifted, crs="gcj02") == streets.of("4")


def test_what_has_changed_since_a_moment_is_found(streets: ServedStreets) -> None:
    with streets.database.session() as session:
        long_ago = text("timestamptz '2020-01-01'")
        session.execute(
            update(Address).where(Address.code != streets.codes["7"]).values(updated_at=long_ago)
        )
    assert streets.listed(changed_since="2026-01-01T00:00:00Z") == streets.of("7")
    assert streets.listed(changed_since="2020-01-01T08:00:00+08:00") == sorted(
        streets.codes.values()
    )
    naive = streets.get("/addresses", params={"changed_since": "2026-01-01T00:00:00"})
    assert naive.status_code == 422


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "120.2,30,120.1,31"}, "the box is empty"),
        ({"bbox": "a,b,c,d"}, "is not 4 numbers"),
        ({"bbox": "nan,30,121,31"}, "is not 4 numbers"),
        ({"near": "120,30"}, "is not 3 numbers"),
        ({"near": "30,120,5"}, "not a place on earth"),
        ({"near": "120,30,5001"}, "no radius"),
        ({"fields": "code,owner"}, "unknown owner"),
        ({"include": "owner"}, "unknown owner"),
        ({"plaice": "1"}, "there is no query parameter"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    streets: ServedStreets, params: dict[str, str], said: str
) -> None:
    refused = streets.get("/addresses", params=params)
    assert (refused.status_code, said in refused.json()["detail"]) == (422, True), refused.text
    assert refused.json()["hint"]


def test_fields_are_those_that_are_named_in_their_order(streets: ServedStreets) -> None:
    asked = {"fields": "standard_text,code", "level": "room"}
    (only,) = streets.get("/addresses", params=asked).json()["addresses"]
    assert list(only) == ["standard_text", "code"]
    one = streets.get(f"/addresses/{streets.codes['1']}", params={"fields": "status,version"})
    assert list(one.json()) == ["status", "version"]
    three = streets.get(f"/addresses/{streets.codes['3']}", params={"fields": "successors"})
    assert [one["code"] for one in three.json()["successors"]] == streets.of("1")


def test_related_records_come_with_each_address_of_a_page(streets: ServedStreets) -> None:
    asked = {"include": "names,parent,children,place,positions,areas,plates,identifiers"}
    page = streets.get("/addresses", params=asked | {"limit": 1000}).json()
    found = {one["code"]: one for one in page["addresses"]}
    assert len(found) == len(streets.codes)
    door, building = found[streets.codes["1"]], found[streets.codes["building"]]
    assert [one["code"] for one in door["children"]] == streets.of("building")
    assert building["parent"]["code"] == streets.codes["1"]
    assert [one["code"] for one in building["children"]] == streets.of("room")
    assert door["place"]["name"] == "河坊街"
    assert [one["text"] for one in door["names"] if one["kind"] == "standard"] == [
        door["standard_text"]
    ]
    assert [one["kind"] for one in door["positions"]] == ["centre"]
    assert (door["areas"], door["plates"], door["parent"]) == ([], [], None)
    only = streets.get("/addresses", params={"include": "parent", "fields": "code"}).json()
    assert {tuple(one) for one in only["addresses"]} == {("code", "parent")}


def test_points_come_in_the_system_that_is_asked_for(streets: ServedStreets) -> None:
    asked = {"include": "positions", "crs": "bd09"}
    one = streets.get(f"/addresses/{streets.codes['4']}", params=asked).json()
    there = convert(Point(120.164, 30.24), CoordinateSystem.CGCS2000, CoordinateSystem.BD09)
    assert one["geometry"]["coordinates"] == [round(there.lon, 7), round(there.lat, 7)]
    assert one["positions"][0]["geometry"] == one["geometry"]
    same = streets.get(f"/addresses/{streets.codes['4']}", params={"crs": "4326"}).json()
    assert same["geometry"]["coordinates"] == [120.164, 30.24]


def test_a_list_is_geojson_csv_or_lines_by_accept(streets: ServedStreets) -> None:
    def ask(accept: str, **params: str) -> tuple[str, str, str]:
        asked = {"level": "number", "division": "330102", "limit": "3"} | params
        answer = streets.get("/addresses", params=asked, headers={"Accept": accept})
        assert answer.status_code == 200, answer.text
        assert 'rel="next"' in answer.headers["link"]
        assert "Accept" in answer.headers["vary"]
        return answer.headers["content-type"], answer.text, answer.headers["etag"]

    kind, body, tag = ask("application/geo+json")
    assert kind == "application/geo+json"
    page = json.loads(body)
    first = page["features"][0]
    assert (page["type"], len(page["features"]), page["next"]) == (
        "FeatureCollection",
        3,
        page["features"][-1]["id"],
    )
    assert first["geometry"]["type"] == "Point"
    assert first["properties"]["code"] == first["id"]
    kind, body, other = ask("text/csv;q=0.9, application/json;q=0.1")
    assert kind == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(body.removeprefix("\ufeff").splitlines()))
    assert [row["code"] for row in rows] == [one["id"] for one in page["features"]]
    assert rows[0]["county"] == "上城区"
    assert float(rows[0]["lon"]) == first["geometry"]["coordinates"][0]
    assert rows[0]["number"].endswith("号")
    assert tag != other
    kind, body, _ = ask("application/x-ndjson", fields="code,geometry", include="names")
    lines = [json.loads(line) for line in body.splitlines()]
    assert [one["code"] for one in lines] == [row["code"] for row in rows]
    _, body, _ = ask("text/csv", fields="code,geometry", include="names")
    (head, *_) = body.removeprefix("\ufeff").splitlines()
    assert head == "code,lon,lat,names"
    _, body, _ = ask("application/geo+json", fields="standard_text")
    assert json.loads(body)["features"][0]["geometry"]


def test_another_format_or_geojson_elsewhere_on_earth_is_refused(streets: ServedStreets) -> None:
    refused = streets.get("/addresses", headers={"Accept": "application/xml"})
    assert (refused.status_code, refused.json()["type"]) == (406, "/problems/not-acceptable")
    assert "text/csv" in refused.json()["hint"]
    shifted = streets.get(
        "/addresses", params={"crs": "gcj02"}, headers={"Accept": "application/geo+json"}
    )
    assert (shifted.status_code, "RFC 7946" in shifted.json()["detail"]) == (422, True)


def test_a_formula_in_a_cell_is_text(streets: ServedStreets) -> None:
    with streets.database.session() as session:
        session.execute(
            update(Address)
            .where(Address.code == streets.codes["9"])
            .values(point_note="=HYPERLINK(1)")
        )
    asked = {"fields": "code,point_note"}
    body = streets.get("/addresses", params=asked, headers={"Accept": "text/csv"}).text
    assert f"{streets.codes['9']},'=HYPERLINK(1)" in body


def test_a_program_sees_its_county_its_depth_and_its_fields(streets: ServedStreets) -> None:
    everything = set(streets.codes.values())
    foreign, room = streets.codes["foreign"], streets.codes["room"]
    assert set(streets.listed("county")) == everything - {foreign}
    assert streets.listed("county", division="330106") == []
    assert streets.listed("county", street="河坊街", bbox="120,30,121,31", level="room") == [room]
    assert set(streets.listed("doors")) == everything - {foreign, room}
    assert streets.listed("doors", level="room") == []
    asked = {"include": "names,parent", "fields": "code,status_reason,parent_code"}
    page = streets.get("/addresses", "public", params=asked).json()
    assert {tuple(one) for one in page["addresses"]} == {("code",)}
    assert streets.get(f"/addresses/{foreign}", "county").status_code == 404
    door = streets.get(
        f"/addresses/{streets.codes['building']}", "doors", params={"include": "children,parent"}
    ).json()
    assert (door["children"], door["parent"]["code"]) == ([], streets.codes["1"])


def test_a_program_without_the_grant_is_refused_and_without_a_key_too(
    streets: ServedStreets,
) -> None:
    assert streets.client.get("/api/v1/addresses").status_code == 401
    assert streets.get("/addresses", "none").status_code == 403
