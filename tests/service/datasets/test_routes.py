"""Datasets over the API: the catalogue, rows, what an address shows, pushes of the own program."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from address_model.datasets.definition import DatasetState
from address_model.sensitivity import FieldClass
from service.addresses.commands import retire_address
from service.app import create_app
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE as ME
from service.core.settings import Settings
from service.datasets.commands import push_rows
from tests.factories.datasets import FACTS, KEY_BOX, make_dataset, read_lines
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, opened_office
from tests.factories.programs import make_program

BOTH = (Permission.DATASETS_READ, Permission.DATASETS_WRITE)
CSV = {"Content-Type": "text/csv"}


@dataclass(frozen=True)
class Caller:
    """The office served, and a program's key."""

    office: Office
    client: TestClient
    key: str

    def ask(self, method: str, path: str, *, key: str = "", **content: Any) -> Any:
        headers = {"X-API-Key": key or self.key} | content.pop("headers", {})
        return self.client.request(method, f"/api/v1/{path}", headers=headers, **content)

    def program(self, name: str, **terms: Any) -> str:
        with self.office.database.session() as session:
            return str(make_program(session, name, BOTH, **terms))


@pytest.fixture
def caller() -> Iterator[Caller]:
    with opened_office() as office:
        app = create_app(office.database, Settings(public_url=PUBLIC_URL))
        with TestClient(app, PUBLIC_URL) as client, office.database.session() as session:
            key = str(make_program(session, "housing", BOTH))
            session.commit()
            yield Caller(office, client, key)


def register(caller: Caller, definition: Any = FACTS, **terms: Any) -> int:
    """A dataset that the program of the fixture pushes."""
    with caller.office.database.session() as session:
        return make_dataset(session, replace(definition, client="housing"), **terms)


def test_rows_are_pushed_and_read_and_shown(caller: Caller) -> None:
    number, code = register(caller), caller.office.codes["own"]
    body = f"code,built_in,floors\n{code},1998,6\n1234,1998,6\n"
    pushed = caller.ask("POST", f"datasets/{number}/rows", content=body.encode(), headers=CSV)
    assert pushed.status_code == 200, pushed.text
    report = pushed.json()
    assert (report["new"], report["refused"]) == (1, 1)
    assert report["faults"][0] | {"reason": "", "remedy": ""} == {
        "row": 3,
        "field": "code",
        "rule": "not_a_code",
        "reason": "",
        "remedy": "",
    }
    line = f'{{"code": "{code}", "built_in": 1998, "floors": 6}}\n'.encode()
    lines = {"Content-Type": "application/x-ndjson"}
    again = caller.ask("POST", f"datasets/{number}/rows", content=line, headers=lines).json()
    assert (again["new"], again["same"]) == (0, 1)
    (row,) = caller.ask("GET", f"datasets/{number}/rows").json()["rows"]
    assert (row["code"], row["data"]) == (code, {"built_in": 1998, "floors": 6})
    since = {"changed": row["updated_at"]}
    assert len(caller.ask("GET", f"datasets/{number}/rows", params=since).json()["rows"]) == 1
    since = {"changed": "2099-01-01T00:00:00Z"}
    assert caller.ask("GET", f"datasets/{number}/rows", params=since).json()["rows"] == []
    data = caller.ask("GET", f"addresses/{code}/data").json()
    assert [(one["label"], one["value"]) for one in data["data"]] == [
        ("建成年份", "1998"),
        ("层数", "6层"),
    ]


def test_the_catalogue_says_owner_standard_and_freshness(caller: Caller) -> None:
    number = register(caller, replace(FACTS, standard="GB/T 39609-2020"))
    (listed,) = caller.ask("GET", "datasets").json()["datasets"]
    assert (listed["number"], listed["owner"], listed["standard"], listed["rows"]) == (
        number,
        "示例住建局",
        "GB/T 39609-2020",
        0,
    )
    one = caller.ask("GET", f"datasets/{number}").json()
    assert one["json_schema"]["properties"]["floors"]["maximum"] == 120
    assert caller.ask("GET", "datasets?limit=1&cursor=999").json() == {"datasets": [], "next": None}


def test_a_program_sees_the_classes_of_its_grant(caller: Caller) -> None:
    number, code = register(caller, KEY_BOX), caller.office.codes["own"]
    with caller.office.database.session() as session:
        rows = read_lines(KEY_BOX, "code,box,place", f"{code},XF-0001,门厅")
        push_rows(session, number, rows, ME)
    public = caller.program("public", classes={FieldClass.PUBLIC})
    shared = caller.program("shared")
    seen = {}
    for name, key in (("public", public), ("shared", shared), ("own", caller.key)):
        rows_seen = caller.ask("GET", f"datasets/{number}/rows", key=key).json()["rows"]
        fields = caller.ask("GET", f"datasets/{number}", key=key).json()["fields"]
        data = caller.ask("GET", f"addresses/{code}/data", key=key).json()["data"]
        seen[name] = (
            sorted(rows_seen[0]["data"]),
            [field["name"] for field in fields],
            [one["name"] for one in data],
        )
    assert seen == {
        "public": ([], [], []),
        "shared": (["place"], ["place"], ["place"]),
        "own": (["box", "place"], ["box", "place"], ["place"]),
    }
    schema = caller.ask("GET", f"datasets/{number}", key=public).json()["json_schema"]
    assert "box" not in str(schema)


def test_only_the_program_of_a_dataset_pushes_and_sees_its_draft(caller: Caller) -> None:
    number = register(caller, state=DatasetState.DRAFT)
    other = caller.program("other")
    body: dict[str, Any] = {"content": b"code,built_in\n", "headers": CSV}
    assert caller.ask("POST", f"datasets/{number}/rows", **body).status_code == 200
    assert caller.ask("POST", f"datasets/{number}/rows", key=other, **body).status_code == 404
    assert caller.ask("GET", f"datasets/{number}", key=other).status_code == 404
    assert caller.ask("GET", f"datasets/{number}").status_code == 200
    assert caller.ask("GET", "datasets", key=other).json()["datasets"] == []
    approved = register(caller, KEY_BOX)
    refused = caller.ask("POST", f"datasets/{approved}/rows", key=other, **body)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")


def test_an_old_code_leads_on(caller: Caller) -> None:
    number, code = register(caller), caller.office.codes["own"]
    successor = caller.office.codes["foreign"]
    with caller.office.database.session() as session:
        push_rows(session, number, read_lines(FACTS, "code,built_in", f"{code},1998"), ME)
    with caller.office.database.session() as session:
        retire_address(session, code, ME, reason="并入", successor=successor)
    data = caller.ask("GET", f"addresses/{code}/data").json()
    assert (data["asked"], data["code"]) == (code, successor)
    assert [one["value"] for one in data["data"]] == ["1998"]
    near = caller.program("near", division=COUNTIES["own"])
    assert caller.ask("GET", f"addresses/{code}/data", key=near).status_code == 404


def test_a_withdrawn_dataset_is_gone_from_every_call(caller: Caller) -> None:
    number = register(caller, state=DatasetState.WITHDRAWN)
    body: dict[str, Any] = {"content": b"code,built_in\n", "headers": CSV}
    assert caller.ask("GET", "datasets").json()["datasets"] == []
    assert caller.ask("GET", f"datasets/{number}").status_code == 404
    assert caller.ask("GET", f"datasets/{number}/rows").status_code == 404
    assert caller.ask("POST", f"datasets/{number}/rows", **body).status_code == 404


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("datasets/{}/rows?changed=2026-12-01T00:00:00", None, 422),
        ("datasets/{}/rows?cursor=x", None, 422),
        ("datasets/999999", None, 404),
        ("addresses/1234/data", None, 422),
        ("datasets/{}/rows", {"content": b"code,owner\n", "headers": CSV}, 422),
        ("datasets/{}/rows", {"json": []}, 422),
    ],
)
def test_a_wrong_question_says_so(
    caller: Caller, path: str, content: dict[str, Any] | None, status: int
) -> None:
    method = "GET" if content is None else "POST"
    answer = caller.ask(method, path.format(register(caller)), **(content or {}))
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].startswith("/problems/")


def test_a_large_push_is_judged_in_another_process(caller: Caller) -> None:
    number, code = register(caller), caller.office.codes["own"]
    lines = [f"{code},L-{n},1998" for n in range(5_000)]
    body = "\n".join(["code,source_id,built_in", *lines, ""]).encode()
    answer = caller.ask("POST", f"datasets/{number}/rows", content=body, headers=CSV)
    assert answer.status_code == 200, answer.text
    assert answer.json()["new"] == 5_000
