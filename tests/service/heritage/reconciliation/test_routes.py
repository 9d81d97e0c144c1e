"""The reconciliation service as OpenRefine asks it, against the shapes of specification 0.2."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from tests.factories.heritage_api import heritage_api

MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "identifierSpace": {"type": "string"},
        "view": {"required": ["url"], "properties": {"url": {"pattern": r".*\{\{id\}\}.*"}}},
        "defaultTypes": {"type": "array", "items": {"required": ["id"]}, "uniqueItems": True},
        "suggest": {"additionalProperties": {"required": ["service_url", "service_path"]}},
    },
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "required": ["result"],
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "required": ["id", "name", "score"],
                    "properties": {
                        "id": {"type": "string"},
                        "name": {"type": "string"},
                        "description": {"type": "string"},
                        "score": {"type": "number"},
                        "match": {"type": "boolean"},
                        "type": {"type": "array", "items": {"required": ["id"]}},
                    },
                },
            }
        },
    },
}


@pytest.fixture
def client(catalogue: Session) -> Iterator[TestClient]:
    with heritage_api(catalogue) as client:
        yield client


def ask(client: TestClient, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    answer = client.post("/api/v1/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    Draft202012Validator(RESULTS).validate(answer.json())
    return {key: one["result"] for key, one in answer.json().items()}


def test_the_manifest_says_what_the_service_speaks(client: TestClient) -> None:
    answer = client.get("/api/v1/reconcile")
    assert answer.headers["access-control-allow-origin"] == "*"
    Draft202012Validator(MANIFEST).validate(answer.json())
    assert answer.json()["view"]["url"] == "https://dz.test/heritage/{{id}}"


def test_row_18_a_list_with_a_former_name_is_matched_to_the_present_place(
    client: TestClient,
) -> None:
    found = ask(client, q0={"query": "西陵"}, q1={"query": "海盐县"}, q2={"query": "海盐"})
    best = found["q0"][0]
    assert (best["name"], best["match"]) == ("西兴街道", True)
    assert "西陵" in best["description"]
    assert (found["q1"][0]["id"], found["q1"][0]["score"], found["q1"][0]["match"]) == (
        "ZJH-0001",
        100.0,
        True,
    )
    assert found["q2"][0]["match"]


def test_two_of_one_name_are_not_told_apart_without_their_county(client: TestClient) -> None:
    found = ask(
        client,
        q0={"query": "芙蓉村"},
        q1={"query": "芙蓉村", "properties": [{"pid": "county", "v": "临海市"}]},
        q2={"query": "芙蓉村", "properties": [{"pid": "division", "v": ["330324"]}]},
    )
    assert {one["id"] for one in found["q0"][:2]} == {"ZJH-0067", "ZJH-0076"}
    assert not any(one["match"] for one in found["q0"])
    assert (found["q1"][0]["id"], found["q1"][0]["match"]) == ("ZJH-0076", True)
    assert (found["q2"][0]["id"], found["q2"][0]["match"]) == ("ZJH-0067", True)


def test_pinyin_a_slip_and_a_class_find_candidates_that_are_not_certain(
    client: TestClient,
) -> None:
    found = ask(
        client,
        q0={"query": "haiyan xian"},
        q1={"query": "河访街"},
        q2={"query": "海盐县", "type": "bridge"},
        q3={"query": "无此地名", "limit": 3},
    )
    assert (found["q0"][0]["id"], found["q0"][0]["match"]) == ("ZJH-0001", False)
    assert (found["q1"][0]["name"], found["q1"][0]["match"]) == ("河坊街", False)
    assert not found["q2"][0]["match"]
    assert not any(one["match"] for one in found["q3"])


def test_queries_by_get_are_answered_alike(client: TestClient) -> None:
    queries = json.dumps({"q0": {"query": "西陵"}})
    by_get = client.get("/api/v1/reconcile", params={"queries": queries}).json()
    assert by_get == client.post("/api/v1/reconcile", data={"queries": queries}).json()


def test_what_is_typed_is_completed(client: TestClient) -> None:
    found = client.get("/api/v1/reconcile/suggest/entity", params={"prefix": "西"}).json()
    assert "西兴街道" in [one["name"] for one in found["result"]]
    types = client.get("/api/v1/reconcile/suggest/type", params={"prefix": "桥"}).json()
    assert [one["id"] for one in types["result"]] == ["bridge"]
    found = client.get("/api/v1/reconcile/suggest/property", params={"prefix": "县"}).json()
    assert [one["id"] for one in found["result"]] == ["county"]


def test_a_matched_table_is_extended_with_values(client: TestClient) -> None:
    offered = client.get("/api/v1/reconcile/properties", params={"type": "bridge"}).json()
    assert "name_since" in [one["id"] for one in offered["properties"]]
    wanted = {
        "ids": ["ZJH-0048", "ZJH-9999"],
        "properties": [{"id": "name_since"}, {"id": "pinyin"}, {"id": "unknown"}],
    }
    told = client.post("/api/v1/reconcile", data={"extend": json.dumps(wanted)}).json()
    assert told["rows"]["ZJH-0048"]["name_since"] == [{"int": 1190}]
    assert told["rows"]["ZJH-0048"]["pinyin"] == [{"str": "Wūzhèn Zhèn"}]
    assert told["rows"]["ZJH-9999"] == {"name_since": [], "pinyin": [], "unknown": []}
    assert [one["id"] for one in told["meta"]] == ["name_since", "pinyin", "unknown"]


@pytest.mark.parametrize(
    "queries",
    [
        "",
        "[]",
        "{",
        '{"q0":{}}',
        '{"q0":{"query":"x","limit":0}}',
        '{"q0":{"query":"x","more":1}}',
        json.dumps({f"q{n}": {"query": "x"} for n in range(51)}),
    ],
)
def test_what_is_no_batch_is_refused_with_a_reason(client: TestClient, queries: str) -> None:
    answer = client.post("/api/v1/reconcile", data={"queries": queries})
    assert answer.status_code == 422
    assert answer.json()["hint"]
