"""What no column holds, in every place of every request: a reason, never an error of ours.

The calls come from the OpenAPI document and the pages from the application, so that a new one is
asked without anybody adding it; a call that takes JSON needs a body in BODIES.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute

from service.passages import TOKENS
from tests.factories.callers import Served, served_office
from tests.service.admin.route_samples import FIELDS, ROUTES, fill_path

HOSTILE = ["a\0b", "\0", "9" * 20, "-" + "9" * 20, "9" * 400, "1e999", "nan", "长" * 3000, "'\\%_"]
SAMPLES = {"q": "河坊", "lon": "120.1", "lat": "30.2", "prefix": "乌"}
"""What a required parameter holds while another one is hostile."""

PLACE = re.compile(r"\{\w+(?::\w+)?\}")
_numbers = count(1)
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/parse": {"text": "上城区河坊街88号"},
    "/api/v1/resolve": {
        "text": "上城区河坊街88号", "scheme": "police", "division": "330102", "limit": 3,
        "near": {"lon": 120.1, "lat": 30.2}, "level": "number",
    },
    "/api/v1/resolve/batch": {"texts": ["上城区河坊街88号"]},
    "/api/v1/batches": {
        "name": "河坊街第一批", "division": "330102", "street": "河坊街", "codes": ["1"],
        "statuses": ["active"], "design": "medium", "sheet_width_mm": 1, "gap_mm": 1,
        "plates_per_file": 5, "reprint_reason": "褪色",
    },
    "/api/v1/address-requests": {
        "purpose": "办理居住证", "return_url": "https://bs.example.gov.cn/back", "state": "form-1",
        "minutes": 15,
    },
    "/api/v1/address-tokens": {"token": "a.b.c"},
    "/api/v1/plates/{token}/events": {
        "id": "visit", "kind": "found_well", "at": "2026-11-01T10:00:00Z",
        "lon": 120.1, "lat": 30.2, "accuracy_m": 5, "note": "完好", "reason": "无", "code": "1",
    },
    "/api/v1/addresses": {
        "text": "上城区清波街道河坊街90号", "lon": 120.1659, "lat": 30.2401, "crs": "4490",
        "source": "清单", "source_id": "A-1",
    },
    "/api/v1/addresses/{code}/correct": {
        "text": "上城区清波街道河坊街92号", "reason": "整治", "document": "文件",
        "dated": "2026-11-20",
    },
    "/api/v1/addresses/{code}/move": {"lon": 120.1659, "lat": 30.2401, "accuracy": "B"},
    "/api/v1/addresses/{code}/retire": {
        "reason": "已拆除", "successor": "3301020000000141", "invalid": False,
    },
    "/api/v1/webhooks": {
        "url": "https://hooks.example.gov.cn/", "subjects": ["plate"], "division": "330102",
        "area": "grid:1",
    },
    "/api/v1/webhooks/{number}": {
        "url": "https://hooks.example.gov.cn/", "subjects": ["plate"], "division": "330102",
        "area": "grid:1", "state": "paused",
    },
}  # fmt: skip
"""A body of every call that takes JSON, with every field it may have."""


@pytest.fixture(scope="module")
def desk() -> Iterator[Served]:
    with served_office() as made:
        yield made


def spoilt(value: Any) -> Iterator[Any]:
    """A JSON value with each of its leaves hostile in turn."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from (value | {name: bad} for bad in spoilt(inner))
    elif isinstance(value, list):
        yield from ([bad] for bad in spoilt(value[0]))
        yield [value[0]] * 20_000
    else:
        yield from HOSTILE
        yield from (10**20, -(10**20), 1e308, True, None, [], {}, [[]])


def parameters(call: dict[str, Any], place: str) -> list[str]:
    return [one["name"] for one in call.get("parameters", []) if one["in"] == place]


def addresses(path: str, call: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every path and query of a call with one hostile value in it."""
    required = [
        one["name"] for one in call.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    ]  # fmt: skip
    fine = {name: SAMPLES[name] for name in required}
    plain = re.sub(r"\{\w+\}", "1", path)
    for bad in HOSTILE:
        for name in parameters(call, "path"):
            yield re.sub(r"\{\w+\}", "1", path.replace(f"{{{name}}}", bad)), fine
        for name in parameters(call, "query"):
            yield plain, fine | {name: bad}
        yield plain, fine | {"unknown": bad}


def test_no_call_answers_with_an_error_of_ours(desk: Served) -> None:
    wrong = []
    asked = 0
    for path, methods in desk.document["paths"].items():
        for method, call in methods.items():
            body = BODIES.get(path) if method == "post" else None
            for address, query in addresses(path, call):
                answer = desk.client.request(
                    method,
                    quote(address, safe="/{}"),
                    params=query,
                    headers=desk.everything,
                    json=body,
                )
                asked += 1
                if fault := fault_of(answer):
                    wrong.append((method, address[:60], str(query)[:80], fault))
    assert not wrong, "\n".join(map(str, wrong))
    assert asked > 500


def fault_of(answer: Any) -> str:
    """What is wrong with an answer to a hostile request."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    kind = answer.headers.get("content-type", "")
    is_problem = kind == "application/problem+json" and answer.json()["title"]
    if answer.request.url.path == TOKENS:  # its own refusals have the form of RFC 6749
        is_problem = is_problem or (kind == "application/json" and answer.json()["error"])
    return "" if answer.status_code < 400 or is_problem else f"{answer.status_code} {kind}"


def test_no_body_of_a_call_is_answered_with_an_error_of_ours(desk: Served) -> None:
    wrong = []
    paths = [path for path, methods in desk.document["paths"].items() if "post" in methods]
    for path in paths:
        kinds = desk.document["paths"][path]["post"].get("requestBody", {}).get("content", {})
        if "application/json" not in kinds:
            continue
        assert path in BODIES, f"{path}: which body does it take?"
        for body in spoilt(BODIES[path]):
            address = path.replace("{token}", desk.office.plates["own"])
            address = address.replace("{code}", desk.office.codes["own"])
            key = desk.everything | {"Idempotency-Key": f"k{next(_numbers)}", "If-Match": "*"}
            answer = desk.client.post(address, json=body, headers=key)
            if fault := fault_of(answer):
                wrong.append((path, str(body)[:200], fault))
    assert not wrong, "\n".join(map(str, wrong))


def names_of(route: APIRoute, place: str) -> list[str]:
    """What a route and all it depends on take from a place: ``query_params``, ``body_params``."""
    found: list[str] = []
    waiting = [route.dependant]
    while waiting:
        asked = waiting.pop()
        waiting += asked.dependencies
        for param in getattr(asked, place):
            fields = getattr(param.field_info.annotation, "model_fields", None)
            found += fields or [param.alias]
    return found


def requests_of(route: APIRoute, path: str, fine: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address of a page, and every form it takes, with one hostile value in it."""
    sent = FIELDS.get(path, lambda _: {})("own")
    for bad in HOSTILE:
        for place in PLACE.finditer(path):  # one at a time: no client sends three at full length
            spoilt_path = path[: place.start()] + quote(bad) + path[place.end() :]
            yield PLACE.sub("1", spoilt_path), sent
        for name in names_of(route, "query_params"):
            yield f"{fine}?{name}={quote(bad)}", sent
        for name in dict.fromkeys([*sent, *names_of(route, "body_params")]):
            yield fine, sent | {name: bad}


def test_no_page_answers_with_an_error_of_ours(desk: Served) -> None:
    wrong = []
    for method, path, route in ROUTES:
        if path.startswith("/api/") or path == "/admin/sign-out":
            continue
        is_staff = path.startswith(("/admin", "/crew"))
        fine = fill_path(desk.office, path, "own") if is_staff else PLACE.sub("1", path)
        hidden: dict[str, str] = {}  # of the page as it stands
        for address, form in requests_of(route, path, fine):
            if method == "POST":
                hidden = hidden or desk.officer.read_hidden_fields(fine)
                answer = desk.officer.post(address, **(hidden | form))
                if address == fine and answer.status_code in (200, 303):
                    hidden = {}
            else:
                answer = desk.officer.browser.request(method, address)
            if answer.status_code >= 500:
                wrong.append((method, address[:60], str(form)[:120], answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


RAW = [
    (b"\xff\xfe{", "application/json"),
    (b'{"text": "\\ud800", "name": "\\ud800", "kind": "\\ud800"}', "application/json"),
    (b"[" * 100_000, "application/json"),
    (b"null", "application/json"),
    (b'{"text": NaN, "limit": 1e400}', "application/json"),
    (b'{"texts": ["a\\u0000b", "\\u0000"]}', "application/json"),
    ("地址,编号\na\0b,\0\n".encode(), "text/csv"),
    (b"\0\n\0\n", "text/csv"),
    (f'{{"地址": "a\\u0000b", "n": {"9" * 400}}}\n'.encode(), "application/x-ndjson"),
    (b"queries=%00&extend=%00", "application/x-www-form-urlencoded"),
    (b'queries={"q0":{"query":"\\u0000"}}', "application/x-www-form-urlencoded"),
    (b'extend={"ids":["\\u0000"],"properties":[{"id":"x"}]}', "application/x-www-form-urlencoded"),
    (b"x" * 1000, "multipart/form-data; boundary=y"),
]


@pytest.mark.parametrize(("body", "kind"), RAW)
def test_a_body_that_is_none_is_refused_by_every_call(desk: Served, body: bytes, kind: str) -> None:
    for path, methods in desk.document["paths"].items():
        if "post" in methods:
            address = path.replace("{token}", desk.office.plates["own"])
            headers = desk.everything | {"content-type": kind}
            answer = desk.client.post(address, content=body, headers=headers)
            assert fault_of(answer) == "", path


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/divisions?name=%00", 422),
        ("/api/v1/divisions/%00", 404),
        ("/api/v1/addresses?cursor=%00", 422),
        ("/api/v1/runs/99999999999999999999", 404),
        ("/api/v1/runs/3000000000", 404),
        ("/api/v1/place-names/a%00b", 404),
        ("/api/v1/batches?before=99999999999999999999", 422),
        ("/api/v1/heritage?q=a%00", 422),
    ],
)
def test_a_path_that_names_nothing_is_not_found_and_a_wrong_value_is_refused(
    desk: Served, address: str, status: int
) -> None:
    answer = desk.client.get(address, headers=desk.everything)
    assert answer.status_code == status
    assert fault_of(answer) == ""


@pytest.mark.parametrize("bad", HOSTILE)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_no_token_is_refused_by_a_page(desk: Served, bad: str, accept: str) -> None:
    headers = {"Accept": accept}
    fine = {"grant_type": "client_credentials", "client_id": "0" * 12, "client_secret": "0" * 64}
    for name in (*fine, "scope", "unknown"):
        sent = desk.client.post(TOKENS, data=fine | {name: bad}, headers=headers)
        asked = desk.client.post(TOKENS, params={name: bad}, data=fine, headers=headers)
        for answer in (sent, asked):
            assert answer.status_code in {400, 401, 414, 422}
            assert fault_of(answer) == ""
    assert fault_of(desk.client.get(TOKENS, headers=headers)) == ""
