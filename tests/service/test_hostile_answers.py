"""Three hundred hostile requests to a served register: each answered as stated, none the last.

They come over one connection, and behind each an ordinary request over the same one.
"""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest

from scripts.openapi_document import DOCUMENT
from tests.factories.callers import Served, served_office
from tests.servers import serving

API: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
CONTROL = ["%00", "a%00b", "%01", "%0A", "%0D%0AX:y", "%1B[0m", "%7F"]
BEYOND = ["0", "-1", "2147483648", "9" * 20, "9" * 400, "1.5", "abc", "%E9%95%BF"]
CURSORS = ["x", "x1", "3301-x", "1%27--", "%E9%95%BF" * 12, "../..", "null", "9" * 60]
INTEGERS = ["-1", "9" * 20, "1e9", "nan", ""]
PATHS = {"token": "7K3M9QX2TB", "code": "3301029032882641", "name": "proof.pdf"}
"""Path parameters that are well formed; every other is a number."""


@dataclass(frozen=True)
class Hostile:
    """A request, and the status and type of problem that answer it."""

    address: str
    status: int
    problem: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        sent = "" if self.body is None else f" {self.body[:30]!r}"
        return f"{self.method} {self.address[:70]}{sent}"


def filled(path: str, **values: str) -> str:
    for name in ("token", "code", "name", "batch_id", "run_id", "number", "entry_id", "key"):
        path = path.replace(f"{{{name}}}", values.get(name, PATHS.get(name, "1")))
    return path


def operations() -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    for path, methods in API["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation.get("parameters", [])


def in_addresses() -> Iterator[Hostile]:
    for path, method, parameters in operations():
        if method == "GET":
            yield Hostile(f"{filled(path)}?divison=33", 422, "unknown-parameter")
            yield Hostile(f"{filled(path)}?%00=1", 422, "bad-request")
            for one in parameters:
                yield from in_parameter(path, one)


def in_parameter(path: str, one: dict[str, Any]) -> Iterator[Hostile]:
    name, plain = one["name"], filled(path)
    if one["in"] == "path":
        numbers = BEYOND if name in ("batch_id", "run_id") else []
        for bad in [*CONTROL, *numbers]:
            yield Hostile(filled(path, **{name: bad}), 404, "not-found")
    if one["in"] == "query":
        for bad in CONTROL if name == "q" else CONTROL[:2]:
            yield Hostile(f"{plain}?{name}={bad}", 422, "bad-request")
        # of a list within a record the record is looked for first
        wrong = [*CURSORS] if name == "cursor" and "{" not in path else []
        wrong += INTEGERS if one["schema"].get("type") == "integer" else []
        for bad in wrong:
            yield Hostile(f"{plain}?{name}={bad}", 422, "malformed-request")


def of_methods() -> Iterator[Hostile]:
    for path, methods in API["paths"].items():
        taken = {method.upper() for method in methods} | {"HEAD"}
        for method in sorted({"PUT", "DELETE", "POST"} - taken):
            yield Hostile(filled(path), 405, "method-not-allowed", method)


DEEP = b'[{"a": ' + b"[" * 1000 + b"]" * 1000 + b"}]"
BODIES = [
    (b"", 422), (b"{", 422), (b"null", 422), (b"[]", 422), (b'"text"', 422), (b"\xff\xfe{", 400),
    (b'{"text": 1}', 422), (b'{"texts": "x"}', 422), (b'{"unknown": 1}', 422),
    (b"[" * 50_000, 400), (b'{"a":' * 10_000, 400), (b'{"text": "x", "more": 1}', 422),
]  # fmt: skip


def in_bodies() -> Iterator[Hostile]:
    for path in ("/api/v1/parse", "/api/v1/resolve", "/api/v1/batches"):
        for body, status in BODIES:
            problem = "malformed-body" if status == 400 else "malformed-request"
            yield Hostile(path, status, problem, "POST", body)
    for body in (b"{", b"null", b'{"texts": 1}', b"[1]", DEEP, b"[" * 100_000):
        yield Hostile("/api/v1/resolve/batch", 422, "bad-request", "POST", body)
    lines = {"Content-Type": "application/x-ndjson"}
    yield Hostile("/api/v1/resolve/batch", 200, "", "POST", DEEP[1:-1] + b"\n", lines)
    deep = b"[" * 100_000 + b"\n"
    yield Hostile("/api/v1/resolve/batch", 422, "headings-unclear", "POST", deep, lines)
    for queries in ("{", "[]", '{"q": 1}', '{"q": {}}', '{"q": {"query": "x", "limit": 99}}'):
        address = f"/api/v1/reconcile?queries={quote(queries)}"
        yield Hostile(address, 422, "bad-request")


def of_headers() -> Iterator[Hostile]:
    for key in ("", "x", "mp_", "mp_" + "0" * 64, "长".encode().decode("latin-1"), "' or 1=1"):
        yield Hostile("/api/v1/addresses", 401, "key-missing", headers={"X-API-Key": key})
    event = b'{"id": "h", "kind": "voided", "reason": "x"}'
    address = f"/api/v1/plates/{PATHS['token']}/events"
    for tag in ("3", '"x"', '"1", "2"', 'W/"1"', '"' + "9" * 19 + '"'):
        yield Hostile(address, 404, "plate-not-found", "POST", event, {"If-Match": tag})


ALL = [*in_addresses(), *of_methods(), *in_bodies(), *of_headers()]
HOSTILE = list({(one.name, one.body, str(one.headers)): one for one in ALL}.values())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with served_office() as made:
        yield made


@pytest.fixture(scope="module")
def connection(served: Served) -> Iterator[http.client.HTTPConnection]:
    """One connection to a server of its own; it is never opened a second time."""
    with serving(served.office.database.url) as client:
        made = http.client.HTTPConnection(str(client.base_url.host), client.base_url.port)
        made.connect()
        made.auto_open = 0
        yield made
        made.close()


def ask(
    connection: http.client.HTTPConnection, one: Hostile, own: dict[str, str]
) -> tuple[int, str, bytes]:
    kind = {"Content-Type": "application/json"} if one.body is not None else {}
    connection.request(one.method, one.address, one.body, own | kind | one.headers)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Content-Type", ""), answer.read()


def test_there_are_some_three_hundred() -> None:
    assert len(HOSTILE) >= 300


def test_each_is_answered_as_stated_and_the_next_is_fine(
    served: Served, connection: http.client.HTTPConnection
) -> None:
    cookies = "; ".join(f"{one.name}={one.value}" for one in served.client.cookies.jar)
    own = served.everything | {"Cookie": cookies}
    wrong = []
    fine = Hostile("/api/v1/divisions?limit=1", 200, "")
    for one in HOSTILE:
        status, kind, body = ask(connection, one, own)
        problem = json.loads(body) if kind == "application/problem+json" else {}
        said = (status, problem.get("type", "").removeprefix("/problems/"))
        if said != (one.status, one.problem):
            wrong.append(f"{one.name}: {said}, not {one.status} {one.problem}: {body[:120]!r}")
        assert ask(connection, fine, own)[0] == 200, one.name
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)
