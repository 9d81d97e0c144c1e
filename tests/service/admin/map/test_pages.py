"""The maps of the desk over HTTP: who gets which tile, what is kept, what a page may load."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from address_model.coordinates import Point
from scripts.vendor import FOLDER, MANIFEST
from service.addresses.commands import move_address
from service.addresses.queries import get_address
from service.admin.map.frame import LIBRARY, LIBRARY_FILES
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.base_maps import origin_of
from service.core.faults import EnvironmentFault
from service.core.settings import Settings, load_settings
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.factories.vector_tiles import read_tile
from tests.service.tiles.test_queries import tile_of

HERE = Point(120.165, 30.24)
BASE = "https://t0.map.example.cn/vec_w/{z}/{x}/{y}?tk=1"
NOTE = "示例底图 GS（2026）0000号"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        with made.database.session() as session:
            insert_account(session, "own", Role.OFFICER, COUNTIES["own"])
            insert_account(session, "foreign", Role.OFFICER, COUNTIES["foreign"])
            insert_account(session, "auditor", Role.AUDITOR, COUNTIES["own"])
        yield made


@pytest.fixture(scope="module")
def people(office: Office) -> dict[str, SignedIn]:
    return {name: sign_in(office.database, name) for name in ("own", "foreign", "auditor")}


def tile_path(zoom: int) -> str:
    tile = tile_of(HERE, zoom)
    return f"/admin/tiles/{tile.zoom}/{tile.x}/{tile.y}"


def codes_in(answer: bytes) -> list[object]:
    found = read_tile(answer).get("addresses")
    return [one.properties["code"] for one in found.features] if found else []


def test_each_officer_sees_the_addresses_of_the_own_county(
    office: Office, people: dict[str, SignedIn]
) -> None:
    for side in ("own", "foreign"):
        answer = people[side].get(tile_path(16))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        assert codes_in(answer.content) == [office.codes[side]]


def test_who_may_not_read_addresses_gets_no_tile(people: dict[str, SignedIn]) -> None:
    assert people["auditor"].get(tile_path(16)).status_code == 403


@pytest.mark.parametrize("path", ["17/0/0", "3/8/0", "3/0/-1", "x/0/0", "99999999999/0/0"])
def test_a_tile_that_is_none_is_not_found(people: dict[str, SignedIn], path: str) -> None:
    assert people["own"].get(f"/admin/tiles/{path}").status_code == 404


def test_a_tile_is_read_again_only_after_a_change(
    office: Office, people: dict[str, SignedIn]
) -> None:
    path, browser = tile_path(12), people["own"].browser
    first = browser.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Cookie"
    known = {"if-none-match": first.headers["etag"]}
    again = browser.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert people["foreign"].browser.get(path, headers=known).status_code == 200
    with office.database.session() as session:
        held = get_address(session, office.codes["own"])
        move_address(session, held.code, Point(HERE.lon + 0.0001, HERE.lat), COMMAND_LINE)
    assert browser.get(path, headers=known).status_code == 200


def test_the_points_of_a_list_are_those_of_its_filters(
    office: Office, people: dict[str, SignedIn]
) -> None:
    answer = people["own"].get("/admin/address-points?q=河坊街")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.json()["is_cut"] is False
    (found,) = answer.json()["features"]
    assert found["properties"]["code"] == office.codes["own"]
    assert found["geometry"]["coordinates"] == pytest.approx([HERE.lon, HERE.lat], abs=0.001)
    assert people["own"].get("/admin/address-points?q=河坊街&state=frozen").json()["features"] == []
    assert people["own"].get("/admin/address-points?q=没有的街").json()["features"] == []


def test_the_map_is_asked_for_in_the_url_and_keeps_the_filters(people: dict[str, SignedIn]) -> None:
    page = people["own"].get("/admin/addresses?q=河坊街&state=active&view=map").text
    assert 'data-points="/admin/address-points?q=' in page
    assert "state=active&amp;view=map" in page or "view=map&amp;state=active" in page
    assert '<input type="hidden" name="view" value="map">' in page
    plain = people["own"].get("/admin/addresses?q=河坊街").text
    assert "data-map" not in plain
    assert "view=map" in plain


def test_a_whole_division_is_shown_without_marks(people: dict[str, SignedIn]) -> None:
    page = people["own"].get("/admin/addresses?view=map").text
    assert 'data-points=""' in page
    west, south, east, north = map(float, re.search('data-bounds="([^"]+)"', page)[1].split(","))  # type: ignore[index]
    assert west < HERE.lon < east < west + 0.1
    assert south < HERE.lat < north < south + 0.1


def policy_of(person: SignedIn, path: str) -> dict[str, str]:
    policy = person.get(path).headers["content-security-policy"]
    parts = (part.strip().split(" ", 1) for part in policy.split(";"))
    return {part[0]: part[1] for part in parts}


def test_a_page_with_a_map_may_start_its_worker_and_ask_nobody_else(
    people: dict[str, SignedIn],
) -> None:
    plain = policy_of(people["own"], "/admin/addresses")
    mapped = policy_of(people["own"], "/admin/addresses?view=map")
    assert mapped == plain | {"worker-src": "'self'"}
    assert mapped["script-src"] == mapped["connect-src"] == mapped["style-src"] == "'self'"


def test_a_base_map_opens_the_policy_to_its_host_alone(office: Office) -> None:
    settings = Settings(base_map_url=BASE, base_map_note=NOTE)
    person = sign_in(office.database, "own", open_browser(office.database, settings))
    policy = policy_of(person, "/admin/addresses?view=map")
    assert policy["connect-src"] == "'self' https://t0.map.example.cn"
    assert policy["img-src"] == "'self' https://t0.map.example.cn data: blob:"
    assert policy["script-src"] == "'self'"
    page = person.get("/admin/addresses?view=map").text
    assert f'data-note="{NOTE}"' in page
    assert BASE in page
    assert "worker-src" not in policy_of(person, "/admin/addresses")


@pytest.mark.parametrize(
    ("url", "note", "named"),
    [
        ("http://map.example.cn/{z}/{x}/{y}.png", NOTE, "BASE_MAP_URL"),
        ("https://map.example.cn/tiles.png", NOTE, "BASE_MAP_URL"),
        ("https://{s}.example.cn/{z}/{x}/{y}.png", NOTE, "BASE_MAP_URL"),
        ("https://map.example.cn/{z}/{x}/{y}.png; script-src *", NOTE, "BASE_MAP_URL"),
        (BASE, " ", "BASE_MAP_NOTE"),
    ],
)
def test_a_base_map_that_cannot_be_shown_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, note: str, named: str
) -> None:
    monkeypatch.setenv("MENPAI_BASE_MAP_URL", url)
    monkeypatch.setenv("MENPAI_BASE_MAP_NOTE", note)
    with pytest.raises(EnvironmentFault, match=named):
        load_settings()


def test_without_a_base_map_there_is_no_host() -> None:
    assert origin_of("") == ""
    assert Settings().base_map_url == ""


@pytest.fixture(scope="module")
def stranger(office: Office) -> TestClient:
    return open_browser(office.database)


@pytest.mark.parametrize("name", LIBRARY_FILES)
def test_the_library_is_served_unchanged(stranger: TestClient, name: str) -> None:
    (package,) = json.loads((FOLDER / MANIFEST).read_text(encoding="utf-8"))
    for coding in ("identity", "gzip"):
        answer = stranger.get(f"/static/{LIBRARY}/{name}", headers={"accept-encoding": coding})
        assert hashlib.sha256(answer.content).hexdigest() == package["sha256"][name]
        assert answer.headers.get("content-encoding", "identity") == coding
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["LICENSE.txt", "../manifest.json", "..%2fmanifest.json", "x.js"])
def test_nothing_else_of_the_folder_is_served(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/static/{LIBRARY}/{name}").status_code == 404


def test_our_script_is_small(stranger: TestClient) -> None:
    assert len(gzip.compress(stranger.get("/static/map.js").content)) < 5000
