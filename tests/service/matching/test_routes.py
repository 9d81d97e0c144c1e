import csv
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.addresses.commands import add_identifier, enter_addresses, retire_address
from service.app import create_app
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import get_settings
from service.matching.answers import COLUMNS
from tests.database import migrated_database
from tests.factories import make_draft, make_place
from tests.factories.programs import make_program


@pytest.fixture(scope="module")
def codes_and_client() -> Iterator[tuple[list[str], TestClient]]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            drafts = [make_draft(place, number) for number in ("88", "90")]
            codes = [str(code) for code in enter_addresses(session, drafts, ME)]
            add_identifier(session, codes[1], ("sz25", "4403 05"), ME)
            key = make_program(session, "test")
        with database.session() as session:
            retire_address(session, codes[1], ME, reason="并户", successor=codes[0])
        headers = {"Authorization": f"Bearer {key}"}
        with TestClient(create_app(database, get_settings()), headers=headers) as client:
            yield codes, client
        database.dispose()


def test_a_retired_code_answers_with_its_successor_and_reason(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    body = client.get(f"/api/v1/addresses/{codes[1]}").json()
    assert (body["status"], body["status_reason"]) == ("replaced", "并户")
    assert [s["code"] for s in body["successors"]] == [codes[0]]


def test_a_text_is_resolved_with_candidates_and_differences(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    body = client.post("/api/v1/resolve", json={"text": "杭州市上城区河纺街88号"}).json()
    assert (body["category"], body["address"]["code"]) == ("B", codes[0])
    body = client.post("/api/v1/resolve", json={"text": "杭州市上城区河坊街89号"}).json()
    assert (body["category"], body["address"]) == ("C", None)
    assert [c["code"] for c in body["candidates"]] == [codes[0]]


@pytest.mark.parametrize("count", [3, 150])
def test_a_batch_keeps_its_order_on_the_thread_and_in_the_pool(
    codes_and_client: tuple[list[str], TestClient], count: int
) -> None:
    codes, client = codes_and_client
    texts = ["杭州市上城区河坊街88号", "乱", "杭州市上城区河纺街88号"] * (count // 3)
    rows = client.post("/api/v1/resolve/batch", json={"texts": texts}).json()["results"]
    assert [row["text"] for row in rows] == texts
    assert [row["category"] for row in rows] == ["A", "none", "B"] * (count // 3)
    assert {row["code"] for row in rows} == {codes[0], ""}


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize(("mark", "separator"), [("\ufeff", ";"), ("", ",")])
def test_a_table_comes_back_with_its_columns_and_the_answers_behind(
    codes_and_client: tuple[list[str], TestClient], count: int, mark: str, separator: str
) -> None:
    codes, client = codes_and_client
    rows = [["编号", "地址"], *[["7", "杭州市上城区河坊街88号"], ["3", ""], ["x", "=1+1"]] * count]
    body = mark + "".join(separator.join(row) + "\r\n" for row in rows)
    done = client.post(
        "/api/v1/resolve/batch",
        params={"column": "地址"},
        content=body.encode(),
        headers={"Content-Type": "text/csv; charset=utf-8"},
    )
    assert done.status_code == 200, done.text
    assert done.headers["content-type"].startswith("text/csv")
    assert done.text.startswith("\ufeff") is bool(mark)
    found = list(csv.DictReader(done.text.lstrip("\ufeff").splitlines()))
    assert list(found[0]) == ["编号", "地址", *COLUMNS]
    assert [row["编号"] for row in found] == ["7", "3", "x"] * count
    assert [row["category"] for row in found] == ["A", "none", "none"] * count
    assert found[0]["code"] == codes[0]


def test_lines_of_json_stay_to_the_letter_and_lists_keep_their_types(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    lines = [
        '{"id": 30.20, "地址":"杭州市上城区河坊街88号" }',
        "{}",
        "no json",
        '{"x":[1],"地址":null}',
    ]
    body = "\n".join(lines).encode()
    headers = {"Content-Type": "application/x-ndjson"}
    done = client.post("/api/v1/resolve/batch", content=body, headers=headers)
    answers = done.text.splitlines()
    assert answers[0].startswith(lines[0].removesuffix(" }") + ', "category": "A"')
    found = [json.loads(line) for line in answers]
    assert [row["category"] for row in found] == ["A", "none", "none", "none"]
    assert (found[0]["code"], found[2]["line"], found[3]["x"]) == (codes[0], "no json", [1])
    rows = [{"id": 1, "address": "杭州市上城区河坊街88号"}, {"id": None, "address": None}]
    again = client.post("/api/v1/resolve/batch", json=rows).json()
    assert [(row["id"], row["category"]) for row in again] == [(1, "A"), (None, "none")]


def test_a_batch_that_cannot_be_taken_says_what_to_do(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    _, client = codes_and_client

    def send(body: object, kind: str = "application/json", **params: str) -> tuple[int, str]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": kind}
        url = "/api/v1/resolve/batch"
        done = client.post(url, content=content, headers=headers, params=params)
        return done.status_code, done.json()["hint"]

    assert send(b"a,b\n1,2\n", "text/csv", column="c") == (422, "one of a, b")
    assert send(b"a,b\n1,2\n", "text/csv") == (422, "one of a, b")
    assert send(b"<x/>", "text/xml")[0] == 422
    assert send({"texts": 3})[0] == send(b"{", "application/json")[0] == 422


def test_a_foreign_identifier_leads_to_what_took_its_place(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    asked = {"text": "4403 05", "scheme": "sz25"}
    body = client.post("/api/v1/resolve", json=asked).json()
    assert (body["category"], body["address"]["code"]) == ("B", codes[0])
    assert body["historic"]["code"] == codes[1]
    batch = {"texts": ["4403 05", "9"]}
    rows = client.post("/api/v1/resolve/batch", params={"scheme": "sz25"}, json=batch).json()
    assert [row["category"] for row in rows["results"]] == ["B", "none"]


def test_a_division_completes_a_text_and_a_point_says_how_far(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client

    def ask(**wanted: object) -> dict[str, Any]:
        return client.post("/api/v1/resolve", json=wanted).json()  # type: ignore[no-any-return]

    found = ask(text="河坊街88号", division="330102")
    assert (found["category"], found["address"]["code"]) == ("A", codes[0])
    elsewhere = ask(text="杭州市上城区河坊街88号", division="330106000000")
    assert (elsewhere["category"], elsewhere["candidates"][0]["code"]) == ("C", codes[0])
    near = {"lon": 120.1651, "lat": 30.24, "crs": "4326"}
    (candidate,) = ask(text="杭州市上城区河坊街89号", near=near, limit=1)["candidates"]
    assert candidate["metres"] == pytest.approx(9.6, abs=0.2)
    assert client.post("/api/v1/resolve", json={"text": "x", "limit": 99}).status_code == 422


def test_digits_behind_a_name_bring_its_doors(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    for typed in ("河坊街8", "hefangjie 88", "河坊街８"):
        found = client.get("/api/v1/autocomplete", params={"q": typed}).json()
        assert [door["code"] for door in found["addresses"]] == [codes[0]]
        assert found["suggestions"] == ["河坊街"]


def test_names_complete_and_a_point_names_its_nearest_address(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client
    found = client.get("/api/v1/autocomplete", params={"q": "hefa", "division": "330102"})
    assert found.json() == {"suggestions": ["河坊街"], "addresses": []}
    near = client.get("/api/v1/reverse", params={"lon": 120.1651, "lat": 30.24}).json()
    assert near["address"]["code"] in codes
    assert near["metres"] == pytest.approx(9.6, abs=0.2)
    assert client.get("/api/v1/reverse", params={"lon": 400, "lat": 30}).status_code == 422


def test_elements_are_resolved_as_the_text_that_they_make(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    codes, client = codes_and_client

    def ask(**elements: str) -> tuple[int, dict[str, Any]]:
        answer = client.post("/api/v1/resolve", json={"elements": elements})
        return answer.status_code, answer.json()

    _, found = ask(city="杭州市", county="上城区", thoroughfare="河坊街", number="88")
    assert (found["category"], found["address"]["code"]) == ("A", codes[0])
    assert found["text"] == "杭州市上城区河坊街88号"
    _, room = ask(county="上城区", thoroughfare="河坊街", number="八十八", building="3", room="301")
    assert room["text"] == "上城区河坊街88号3幢301室"
    for elements, said in (
        ({"county": "上城区"}, "nothing below the divisions"),
        ({"thoroughfare": "河坊街", "number": "1、3号"}, "elements.number"),
        ({"thoroughfare": "河坊街", "lane": "小河弄"}, "elements.lane"),
    ):
        status, refused = ask(**elements)
        assert (status, said in refused["detail"]) == (422, True), refused
    both = {"text": "河坊街88号", "elements": {"thoroughfare": "河坊街", "number": "88"}}
    for wanted in ({}, both, {"text": ""}, {"elements": {"owner": "x"}}):
        assert client.post("/api/v1/resolve", json=wanted).status_code == 422


def test_a_point_names_several_within_a_radius_and_of_a_level(
    codes_and_client: tuple[list[str], TestClient],
) -> None:
    _, client = codes_and_client

    def ask(lon: float = 120.1651, **params: object) -> Any:
        asked = {"lon": lon, "lat": 30.24} | params
        return client.get("/api/v1/reverse", params=asked)  # type: ignore[arg-type]

    assert ask(limit=5, level="number").json()["others"] == []  # the other one has ended
    assert ask(radius=5).status_code == 404
    assert "within 5 m" in ask(radius=5).json()["detail"]
    assert ask(radius=20).json()["metres"] == pytest.approx(9.6, abs=0.2)
    assert ask(level="room").status_code == 404
    assert ask(lon=121).status_code == 404
    for params in ({"radius": 0}, {"radius": 10_001}, {"level": "house"}, {"limit": 51}):
        assert ask(**params).status_code == 422
