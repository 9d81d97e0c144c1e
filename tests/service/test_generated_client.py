"""A client that knows the API by its description alone understands answers and errors."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.openapi_document import DOCUMENT
from service.core.errors import TooOften
from service.core.quotas import Quota
from service.core.reads import Reads
from tests.factories.callers import Served, served_office
from tests.generated_client import GeneratedClient, NotAsDescribed

PINNED = json.loads(DOCUMENT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with served_office() as made:
        yield made


@pytest.fixture(scope="module")
def nobody(served: Served) -> GeneratedClient:
    return GeneratedClient(PINNED, served.anybody)


@pytest.fixture(scope="module")
def program(served: Served) -> GeneratedClient:
    served.officer.browser.headers["accept"] = "application/json"
    client = served.client
    client.headers.update(served.everything)
    return GeneratedClient(PINNED, client)


def is_a(value: Any, kind: Any) -> bool:
    return isinstance(value, kind)


def test_what_is_found_comes_as_the_described_class(
    served: Served, program: GeneratedClient
) -> None:
    found: Any = program.call("getAddress", code=served.office.codes["own"]).value
    assert is_a(found, program.classes["AddressDetail"])
    assert found.elements.number.text == "88号"
    page: Any = program.call("listDivisions", limit=1)
    assert is_a(page.value.divisions[0], program.classes["DivisionOut"])
    following: Any = program.call("listDivisions", limit=1, cursor=page.value.next)
    assert following.value.divisions[0].code > page.value.divisions[0].code
    assert f"cursor={page.value.next}" in page.headers["link"]
    batch = program.call("resolveBatch", body={"texts": ["河坊街88号", "无"]}).value
    assert [row.category for row in batch.results][1] == "none"


def test_a_missing_key_is_a_problem_401(nobody: GeneratedClient) -> None:
    answer = nobody.call("listAddresses")
    assert (answer.status, answer.value.type) == (401, "/problems/key-missing")
    assert "Authorization" in answer.value.hint
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_what_is_not_there_is_a_problem_404(program: GeneratedClient) -> None:
    answer = program.call("getPlate", token="0" * 10)
    assert (answer.status, answer.value.type) == (404, "/problems/plate-not-found")
    assert program.call("getRun", run_id=10**15).value.type == "/problems/not-found"


def test_what_contradicts_is_a_problem_409(program: GeneratedClient) -> None:
    answer = program.call("createBatch", body={"name": "一", "division": "330102"})
    assert (answer.status, answer.value.type) == (409, "/problems/conflict")
    assert "menpai " not in answer.value.hint


def test_what_is_malformed_is_a_problem_422_that_names_each_field(
    program: GeneratedClient,
) -> None:
    answer = program.call("listDivisions", limit=0, level="street")
    assert (answer.status, answer.value.type) == (422, "/problems/malformed-request")
    assert {(one.in_, one.name) for one in answer.value.errors} == {
        ("query", "limit"),
        ("query", "level"),
    }
    near = {"text": "河坊街", "near": {"lon": 500, "lat": 30, "alt": 1}}
    faults = program.call("resolve", body=near).value.errors
    assert {one.name for one in faults} == {"near.lon", "near.alt"}
    rows = {"name": "一", "codes": ["1", 2]}
    (fault,) = program.call("createBatch", body=rows).value.errors
    assert (fault.name, fault.row) == ("codes.1", 2)


def test_a_stale_version_is_a_problem_412_with_both(
    served: Served, program: GeneratedClient
) -> None:
    event = {"id": "stale", "kind": "voided", "reason": "重复"}
    token = served.office.plates["own"]
    answer = program.call("recordPlateEvent", token=token, if_match='"99"', body=event)
    assert (answer.status, answer.value.type) == (412, "/problems/outdated")
    assert answer.value.seen == 99
    assert answer.headers["etag"] == f'"{answer.value.version}"'
    missing = program.call("recordPlateEvent", token=token, body=event)
    assert (missing.status, missing.value.type) == (428, "/problems/condition-missing")


def test_too_often_is_a_problem_429_that_says_how_long(
    nobody: GeneratedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Reads) -> None:
        raise TooOften(17, Quota("division", 30, 60, 0, 17))

    monkeypatch.setattr(Reads, "reading", refuse)
    answer = nobody.call("listDivisions")
    assert (answer.status, answer.value.type) == (429, "/problems/too-often")
    assert answer.headers["retry-after"] == "17"
    assert answer.headers["ratelimit"] == '"division";r=0;t=17'


def test_an_answer_that_is_not_described_is_told(served: Served) -> None:
    cut = json.loads(json.dumps(PINNED))
    del cut["paths"]["/api/v1/divisions"]["get"]["responses"]["200"]
    with pytest.raises(NotAsDescribed):
        GeneratedClient(cut, served.anybody).call("listDivisions")
