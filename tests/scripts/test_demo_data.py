import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.elements import Elements, standard_text
from address_model.places import counting_of
from scripts.demo.addresses import DemoAddress, settlement_addresses
from scripts.demo.places import DATA, SETTLEMENTS, read_seats
from scripts.generate_demo import demo_files

DEMO = DATA / "demo"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    text = (DEMO / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@cache
def areas() -> tuple[tuple[dict[str, str], BaseGeometry], ...]:
    document = json.loads((DEMO / "areas.geojson").read_text(encoding="utf-8"))
    return tuple(
        (feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"])))
        for feature in document["features"]
    )


@cache
def addresses() -> tuple[DemoAddress, ...]:
    seats = read_seats()
    return tuple(one for place in SETTLEMENTS for one in settlement_addresses(place, seats))


def points() -> list[BaseGeometry]:
    found = rows("addresses.csv")
    return list(shapely.points([(float(row["经度"]), float(row["纬度"])) for row in found]))


@pytest.mark.parametrize("name", ["addresses.csv", "areas.geojson", "duties.csv"])
def test_the_committed_files_are_what_the_generator_writes(name: str) -> None:
    assert demo_files()[name] == (DEMO / name).read_bytes()


def test_the_demo_is_some_thousands_of_addresses_and_small() -> None:
    assert 4000 <= len(rows("addresses.csv")) <= 5000
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 1_500_000


def test_every_row_says_that_it_is_an_example() -> None:
    assert {row["数据性质"] for row in rows("addresses.csv")} == {"示例数据"}
    assert {properties["note"] for properties, _ in areas()} == {"示例数据"}


def test_no_two_addresses_share_their_source_id_text_or_key() -> None:
    texts = Counter(standard_text(one.elements) for one in addresses())
    keys = Counter(_key(one.elements) for one in addresses())
    ids = Counter(row["source_id"] for row in rows("addresses.csv"))
    for counted in (texts, keys, ids):
        assert counted.most_common(1)[0][1] == 1


def _key(elements: Elements) -> tuple[object, ...]:
    counting = counting_of(elements)
    assert counting is not None
    upper = elements.county, elements.township
    return *upper, counting.kind, counting.folded, counting.qualifier, counting.local


def test_all_eleven_prefecture_cities_have_demo_addresses() -> None:
    assert len({row["市"] for row in rows("addresses.csv")}) == 11


def test_the_kinds_of_address_are_mixed() -> None:
    found = [one.elements for one in addresses()]

    def count(has: Callable[[Elements], object]) -> int:
        return sum(1 for elements in found if has(elements))

    assert count(lambda e: e.thoroughfare and e.number and not e.room) > 400
    assert count(lambda e: e.estate and e.room) > 1500
    assert count(lambda e: e.natural_village) > 700
    assert count(lambda e: e.group) > 100
    assert count(lambda e: e.lanes) >= 30
    forms = Counter(e.number.suffix for e in found if e.number)
    assert min(forms[form] for form in ("之一", "附1", "1")) >= 3
    assert count(lambda e: e.number and e.number.prefix == "临") >= 3
    assert count(lambda e: e.floor and e.floor.number == "-1") >= 1


def test_every_point_lies_in_the_county_it_names() -> None:
    with gzip.open(DATA / "boundaries/zj_county_tianditu_wgs84.geojson.gz") as file:
        counties = {
            feature["properties"]["name"]: shapely.from_geojson(json.dumps(feature["geometry"]))
            for feature in json.load(file)["features"]
        }
    strays = [
        row["source_id"]
        for row, point in zip(rows("addresses.csv"), points(), strict=True)
        if not counties[row["县"]].contains(point)
    ]
    assert strays == []


def test_an_address_names_divisions_down_to_the_township_only() -> None:
    assert all(one.elements.township and not one.elements.community for one in addresses())


@pytest.mark.parametrize("kind", ["community", "grid", "police_beat"])
def test_every_address_lies_in_exactly_one_area_of_each_kind(kind: str) -> None:
    polygons = [polygon for properties, polygon in areas() if properties["kind"] == kind]
    hits = shapely.STRtree(polygons).query(points(), predicate="within")[0]
    assert Counter(Counter(hits.tolist()).values()) == {1: len(rows("addresses.csv"))}


@pytest.mark.parametrize("kind", ["community", "grid", "police_beat"])
def test_areas_of_a_kind_neither_overlap_nor_are_invalid(kind: str) -> None:
    polygons = [polygon for properties, polygon in areas() if properties["kind"] == kind]
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)


def test_grids_fill_the_community_they_belong_to() -> None:
    by_name = {properties["name"]: polygon for properties, polygon in areas()}
    grids = [(p, polygon) for p, polygon in areas() if p["kind"] == "grid"]
    assert {p["parent"] for p, _ in grids} == {
        p["name"] for p, _ in areas() if p["kind"] == "community"
    }
    for parent in {p["parent"] for p, _ in grids}:
        union = shapely.union_all([polygon for p, polygon in grids if p["parent"] == parent])
        assert shapely.symmetric_difference(union, by_name[parent]).area < 1e-12


def test_area_names_are_unique_and_numbered() -> None:
    names = [properties["name"] for properties, _ in areas()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"示例(社区|网格|警务区) \d+", name) for name in names)


def test_every_area_has_its_posts() -> None:
    roles: dict[str, set[str]] = {}
    for duty in rows("duties.csv"):
        roles.setdefault(duty["area"], set()).add(duty["role"])
    wanted = {
        "grid": {"grid_worker"},
        "community": {"community_office"},
        "police_beat": {"community_officer", "police_station"},
    }
    assert all(roles[p["name"]] == wanted[p["kind"]] for p, _ in areas())


def test_people_are_marked_as_examples_and_telephones_belong_to_nobody() -> None:
    duties = rows("duties.csv")
    people = [d for d in duties if d["role"] in ("grid_worker", "community_officer")]
    offices = [d for d in duties if d not in people]
    assert all(re.fullmatch(r"演示[一-龥]{1,2}\d*", d["display_name"]) for d in people)
    assert all(d["display_name"].startswith("示例") for d in offices)
    assert all(re.fullmatch(r"05\d\d-0000\d{4}", d["phone"]) for d in duties)
    assert len({d["phone"] for d in duties}) == len(duties)
    assert all(d["publish"] == "yes" for d in duties)


def test_an_unused_elements_field_would_show() -> None:
    # The file has a column for every element the generator sets; a new one must get a column too.
    used = {name for one in addresses() for name in Elements._fields if getattr(one.elements, name)}
    assert used == set(Elements._fields) - {"community", "devzone", "parent_place", "thing"}
