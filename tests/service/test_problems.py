"""Errors over HTTP: one shape, a type for each that stays, a page for each type, words for HTTP."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

import service
from service.app import create_app
from service.core.database import Database
from service.core.errors import (
    AddressNotFound,
    Busy,
    DatabaseUnreachable,
    KeyMissing,
    MenpaiError,
    Outdated,
    TooOften,
    status_of,
)
from service.core.problem_types import PROBLEM_TYPES
from service.core.problems import problem_of
from service.core.quotas import Quota
from service.core.records import Record
from service.core.settings import Settings

SHELL = re.compile(r"\bmenpai [a-z]|(?<![-\w])--[a-z]")
OF_THE_FRAMEWORK = {
    "internal-error",
    "path-not-found",
    "method-not-allowed",
    "malformed-request",
    "malformed-body",
    "unsupported-type",
    "not-http",
    "misdirected-request",
}
"""Types of what the framework refuses; every other type is an error class."""


def kinds(kind: type[MenpaiError]) -> Iterator[type[MenpaiError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


def error_classes() -> list[type[MenpaiError]]:
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return list(dict.fromkeys(one for one in kinds(MenpaiError) if "service." in one.__module__))


CLASSES = error_classes()


def made(kind: type[MenpaiError], hint: str = "") -> MenpaiError:
    """An error of a class, however it is made."""
    error = kind.__new__(kind)
    MenpaiError.__init__(error, "detail", hint=hint)
    return error


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = create_app(Database("postgresql+psycopg://nobody@/nothing"), Settings())
    return TestClient(app.fastapi, raise_server_exceptions=False, follow_redirects=False)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_has_its_row_in_the_list_of_types(kind: type[MenpaiError]) -> None:
    row = kind.kind()
    error = made(kind)
    assert row.title == error.title
    assert row.status == status_of(error)
    assert row.path == f"/problems/{row.name}"


def test_the_list_holds_nothing_that_is_not_raised() -> None:
    assert {kind.kind().name for kind in CLASSES} | OF_THE_FRAMEWORK == set(PROBLEM_TYPES)


def test_every_type_says_in_both_languages_what_to_do_and_nothing_of_a_shell() -> None:
    for row in PROBLEM_TYPES.values():
        assert row.title.endswith(".")
        assert row.remedy.endswith(".")
        assert not row.title_zh.endswith("。")
        assert row.remedy_zh.endswith("。")
        assert not SHELL.search(row.remedy + row.remedy_zh)


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_every_type_is_a_page_in_chinese_and_english(client: TestClient, name: str) -> None:
    row = PROBLEM_TYPES[name]
    page = client.get(row.path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for words in (row.title_zh, row.remedy_zh, row.title):
        assert words in page.text
    assert f"/problems/{name}" in client.get("/problems?lang=en").text


def test_a_type_that_is_none_has_no_page(client: TestClient) -> None:
    assert client.get("/problems/nothing").status_code == 404


@pytest.mark.parametrize("hint", ["see `menpai runs list`", "say it with --reason"])
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_hint_never_sends_a_caller_to_a_shell(kind: type[MenpaiError], hint: str) -> None:
    assert made(kind, hint).http_hint == kind.kind().remedy
    assert made(kind, "wait a little").http_hint == "wait a little"


def test_an_error_may_say_another_thing_over_http_than_at_a_shell() -> None:
    error = AddressNotFound(
        "none", hint="`menpai addresses find`", http_hint="GET /api/v1/addresses"
    )
    assert error.http_hint == "GET /api/v1/addresses"
    assert error.hint == "`menpai addresses find`"


def body_of(error: MenpaiError) -> dict[str, object]:
    return dict(json.loads(bytes(problem_of(error).body)))


def test_a_problem_has_the_members_of_rfc_9457_and_a_hint() -> None:
    body = body_of(AddressNotFound("no address has the code 1", hint="compare it"))
    assert body == {
        "type": "/problems/address-not-found",
        "title": "There is no such address code.",
        "status": 404,
        "detail": "no address has the code 1",
        "hint": "compare it",
    }


def test_an_outdated_write_says_both_versions() -> None:
    record = Record("plates", "7K3M9QX2TB", "门牌", 4, {"状态": "在用"})
    answer = problem_of(Outdated("changed", zh="已改", seen=3, record=record))
    assert answer.headers["etag"] == '"4"'
    body = body_of(Outdated("changed", zh="已改", seen=3, record=record))
    assert (body["seen"], body["version"], body["standing"]) == (3, 4, {"状态": "在用"})


def test_waiting_is_told_in_headers() -> None:
    quota = Quota("code_lookup", 30, 60, 0, 17)
    headers = problem_of(TooOften(17, quota)).headers
    assert headers["retry-after"] == "17"
    assert headers["ratelimit-policy"] == '"code_lookup";q=30;w=60'
    assert headers["ratelimit"] == '"code_lookup";r=0;t=17'
    assert int(problem_of(Busy("full")).headers["retry-after"]) > 0
    assert problem_of(KeyMissing("none")).headers["www-authenticate"].startswith("Bearer")


def test_the_inside_of_the_database_is_not_told_to_callers(client: TestClient) -> None:
    inner = 'connection to server on socket "/cluster/run/.s.PGSQL.5432" failed'
    body = body_of(DatabaseUnreachable(inner, hint="check MENPAI_DATABASE_URL"))
    assert "socket" not in str(body)
    assert "MENPAI" not in str(body)
    answer = client.get("/api/v1/divisions")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("address", "accept"),
    [("/privacy", "text/html"), ("/admin/audit", "text/html"), ("/7K3M9QX2TB", "*/*")],
)
def test_a_method_that_a_page_does_not_take_gets_a_page_that_says_so(
    client: TestClient, address: str, accept: str
) -> None:
    answer = client.put(address, headers={"accept": accept})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "不能这样打开" in answer.text
    assert "系统出了点问题" not in answer.text


def test_a_method_that_a_call_does_not_take_names_all_that_it_takes(client: TestClient) -> None:
    answer = client.delete("/api/v1/plates/7K3M9QX2TB/events")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert answer.json()["type"] == "/problems/method-not-allowed"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/api/v1/divisions?divison=330203", "divison"),
        ("/api/v1/addresses?box=120,30,120.2,30.3", "box"),
        ("/api/v1/heritage?page=2", "page"),
        ("/api/v1/runs/1?verbose", "verbose"),
        ("/api/v1/reconcile/suggest/type?type=x", "type"),
        ("/api/v1/changes?limits=3", "limits"),
    ],
)
def test_an_unknown_parameter_is_refused_by_name(
    client: TestClient, address: str, named: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    body = answer.json()
    assert body["type"] == "/problems/unknown-parameter"
    assert repr(named) in body["detail"]
    assert "there are" in body["hint"]


def test_a_mistyped_parameter_is_told_which_was_meant(client: TestClient) -> None:
    hint = client.get("/api/v1/addresses?divison=330203").json()["hint"]
    assert hint.startswith("did you mean division?")


def test_a_page_takes_no_notice_of_what_apps_append(client: TestClient) -> None:
    assert client.get("/privacy?from=wechat&utm_source=x").status_code == 200


def test_head_is_answered_as_get_without_a_body(client: TestClient) -> None:
    for address in ("/problems", "/privacy", "/robots.txt", "/healthz", "/static/admin.css"):
        asked, read = client.head(address), client.get(address)
        assert asked.status_code == read.status_code == 200
        assert asked.content == b""
        assert asked.headers["content-type"] == read.headers["content-type"]
        assert asked.headers["content-length"] == str(len(read.content))
    assert client.head("/api/v1/addresses?box=1").status_code == 422
