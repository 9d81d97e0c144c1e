"""Errors over HTTP, on a small application: what each is answered with, and what is kept back."""

import errno
import json
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from fastapi import Body, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient
from pydantic import BaseModel
from structlog.testing import capture_logs

from service.core import errors
from service.core.admission import RETRY_AFTER_S
from service.core.asgi import Receive, Scope, Send
from service.core.errors import (
    AnswerOverdue,
    BadRequest,
    DatabaseFull,
    DatabaseUnreachable,
    FilesFull,
    FilesUnavailable,
    KeyMissing,
    MenpaiError,
    NotFound,
    Outdated,
    PlateNotFound,
    ServerBusy,
    SignInNeeded,
    TooOften,
    UnstorableValue,
)
from service.core.problem_types import MEDIA_TYPE, PROBLEM_TYPES
from service.core.problems import headers_of, install, problem_of, problem_of_status, raises, refuse
from service.core.records import Record

INSIDE = "/srv/cluster/run/.s.PGSQL.5432: password authentication failed"
PEOPLE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OUTDATED = Outdated(
    "changed meanwhile",
    zh="已改",
    seen=3,
    record=Record("plates", "7K3M9QX2TB", "门牌", 4, {"状态": "在用"}),
    changed_at=datetime(2026, 11, 1, 10, tzinfo=UTC),
)
CLASSES = [one for one in vars(errors).values() if MenpaiError in getattr(one, "__bases__", ())]


class Point(BaseModel):
    lat: float


def page(_: Request, status: int) -> Response:
    return PlainTextResponse(f"page {status}", status)


def client_of(error: BaseException | None = None) -> TestClient:
    app = FastAPI()
    install(app, page)

    @app.get("/api/v1/things/{number}")
    @app.get("/things/{number}")
    def read(number: str) -> str:
        if error is not None:
            raise error
        return number

    @app.get("/api/v1/counted/{number}")
    def count(number: int, near: float = 0) -> float:
        return number + near

    @app.post("/api/v1/things/{number}")
    def write(number: str, points: list[Point] = Body()) -> str:  # noqa: B008 - as FastAPI has it
        return f"{number}: {points}"

    return TestClient(app, raise_server_exceptions=False)


def made(kind: type[MenpaiError]) -> MenpaiError:
    if kind is Outdated:
        return OUTDATED
    if kind in (TooOften, ServerBusy):
        return kind(7)
    return kind("this happened", hint="do that")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_each_class_is_answered_with_its_status_type_and_title(kind: type[MenpaiError]) -> None:
    answer = client_of(made(kind)).get("/api/v1/things/1")
    body = answer.json()
    assert answer.status_code == body["status"] == kind.kind().status
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert body["type"] == kind.kind().path
    assert body["title"] == (kind.__doc__ or "").splitlines()[0]
    assert body["detail"]
    assert body["hint"]


def test_a_class_without_a_status_of_its_own_has_that_of_its_base_and_its_own_type() -> None:
    answer = problem_of(PlateNotFound("no plate has this token", hint="compare it"))
    body = json.loads(bytes(answer.body))
    assert answer.status_code == 404
    assert body["type"] == "/problems/plate-not-found"
    assert (body["detail"], body["hint"]) == ("no plate has this token", "compare it")


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ServerBusy(7), 7),
        (AnswerOverdue(9), 9),
        (TooOften(11), 11),
        (DatabaseUnreachable("down"), RETRY_AFTER_S),
        (FilesUnavailable("down"), RETRY_AFTER_S),
    ],
)
def test_what_may_be_tried_again_says_when_to_programs_and_people(
    error: MenpaiError, seconds: int
) -> None:
    client = client_of(error)
    for address in ("/api/v1/things/1", "/things/1"):
        assert client.get(address, headers=PEOPLE).headers["retry-after"] == str(seconds)


@pytest.mark.parametrize("error", [NotFound("none"), BadRequest("no"), OUTDATED])
def test_what_will_not_get_better_by_waiting_names_no_time(error: MenpaiError) -> None:
    assert "retry-after" not in problem_of(error).headers


@pytest.mark.parametrize("kind", [KeyMissing, SignInNeeded])
def test_who_is_not_known_is_told_how_to_say_it(kind: type[MenpaiError]) -> None:
    assert headers_of(kind("who is it?")) == {"WWW-Authenticate": 'Bearer realm="menpai"'}


def test_an_answer_that_is_overdue_does_not_claim_that_nothing_was_done() -> None:
    overdue = json.loads(bytes(problem_of(AnswerOverdue(3)).body))
    assert "may still take effect" in overdue["detail"]
    assert "before you send it again" in overdue["hint"]
    busy = json.loads(bytes(problem_of(ServerBusy(3)).body))
    assert busy["detail"] == "nothing was done"


@pytest.mark.parametrize("kind", [DatabaseUnreachable, DatabaseFull, FilesUnavailable, FilesFull])
@pytest.mark.parametrize("address", ["/api/v1/things/1", "/things/1"])
def test_why_something_is_out_of_order_is_logged_and_told_to_no_caller(
    kind: type[MenpaiError], address: str
) -> None:
    with capture_logs() as logs:
        answer = client_of(kind(INSIDE, hint=f"look at {INSIDE}")).get(address, headers=PEOPLE)
    assert answer.status_code == 503
    assert "PGSQL" not in answer.text + str(answer.headers)
    assert [(one["event"], one["detail"]) for one in logs] == [
        (kind.kind().name.replace("-", "_"), INSIDE)
    ]


@pytest.mark.parametrize("address", ["/api/v1/things/1", "/things/1"])
@pytest.mark.parametrize("error", [KeyError(INSIDE), OSError(errno.EIO, INSIDE)])
def test_of_an_error_that_nobody_foresaw_nothing_is_told(error: Exception, address: str) -> None:
    answer = client_of(error).get(address, headers=PEOPLE)
    assert answer.status_code == 500
    assert "PGSQL" not in answer.text
    if address.startswith("/api/"):
        assert answer.json()["type"] == "/problems/internal-error"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_as_such_and_may_be_tried_again(number: int) -> None:
    answer = client_of(OSError(number, "no room", "/srv/secret")).get("/api/v1/things/1")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/files-full"
    assert int(answer.headers["retry-after"]) > 0
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("address", "accept", "is_problem"),
    [
        ("/api/v1/things/1", "text/html", True),
        ("/things/1", "application/json", True),
        ("/things/1", "text/html;q=0.5, application/json", True),
        ("/things/1", "text/html, application/json;q=0.9", False),
        ("/things/1", "application/json;q=none, text/html;q=0.1", False),
        ("/things/1", "*/*", False),
        ("/nowhere", "text/html", False),
        ("/api/v1/nowhere", "*/*", True),
    ],
)
def test_programs_get_a_document_and_people_a_page(
    address: str, accept: str, is_problem: bool
) -> None:
    answer = client_of(NotFound("none")).get(address, headers={"accept": accept})
    assert answer.status_code == 404
    assert (answer.headers["content-type"] == MEDIA_TYPE) is is_problem
    assert (answer.text == "page 404") is not is_problem


def test_of_an_outdated_write_a_program_gets_both_versions_and_a_page_the_present_one() -> None:
    client = client_of(OUTDATED)
    answer = client.get("/api/v1/things/1")
    body = answer.json()
    assert (body["seen"], body["version"], body["standing"]) == (3, 4, {"状态": "在用"})
    assert body["changed_at"] == "2026-11-01T10:00:00+00:00"
    assert "7K3M9QX2TB" not in answer.text
    shown = client.get("/things/1", headers=PEOPLE)
    assert (shown.status_code, shown.headers["etag"]) == (412, '"4"')
    untimed = Outdated("changed", zh="已改", seen=1, record=OUTDATED.record)
    assert json.loads(bytes(problem_of(untimed).body))["changed_at"] is None


def test_a_malformed_request_names_each_field_and_the_row_of_a_list() -> None:
    client = client_of()
    answer = client.post("/api/v1/things/1", json=[{"lat": 30}, {"lat": "north"}, {}])
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/malformed-request"
    faults = answer.json()["errors"]
    assert [(one["in"], one["name"], one["row"]) for one in faults] == [
        ("body", "1.lat", 2),
        ("body", "2.lat", 3),
    ]
    assert all(one["detail"] for one in faults)
    (fault,) = client.get("/api/v1/counted/1?near=here").json()["errors"]
    assert set(fault) == {"in", "name", "detail"}
    assert (fault["in"], fault["name"]) == ("query", "near")


def test_a_path_that_can_name_no_record_is_not_found_rather_than_malformed() -> None:
    assert client_of().get("/api/v1/counted/one").status_code == 404
    client = client_of(UnstorableValue("cannot be stored"))
    for number in ("2147483648", "9" * 5000, "a%00b"):
        answer = client.get(f"/api/v1/things/{number}")
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/not-found"
    answer = client.get("/api/v1/things/2147483647")  # a number that may be; the value is elsewhere
    assert answer.json()["type"] == "/problems/unstorable-value"
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "malformed-body"),
        (415, "unsupported-type"),
        (418, "bad-request"),
        (502, "internal-error"),
    ],
)
def test_what_the_framework_refuses_has_a_type_and_keeps_its_headers(
    status: int, name: str
) -> None:
    error = HTTPException(status, detail=INSIDE, headers={"X-Kept": "yes"})
    answer = client_of(error).get("/api/v1/things/1")
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}")
    assert answer.json()["title"] == PROBLEM_TYPES[name].title
    assert answer.headers["x-kept"] == "yes"
    assert "PGSQL" not in answer.text


def test_a_method_that_is_not_taken_names_those_of_all_routes_at_this_path() -> None:
    client = client_of()
    answer = client.delete("/api/v1/things/1")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert client.put("/things/1", headers=PEOPLE).headers["allow"] == "GET, HEAD"


def test_a_refusal_before_the_request_is_read_is_of_its_status() -> None:
    for status, name in (
        (HTTPStatus.BAD_REQUEST, "not-http"),
        (HTTPStatus.MISDIRECTED_REQUEST, "misdirected-request"),
    ):
        answer = problem_of_status(status, "two hosts")
        body = json.loads(bytes(answer.body))
        assert (answer.status_code, body["type"]) == (status, f"/problems/{name}")
        assert (body["detail"], body["hint"]) == ("two hosts", PROBLEM_TYPES[name].remedy)


@pytest.mark.parametrize("address", ["/api/v1/things/1", "/things/1"])
def test_an_error_outside_the_routes_is_answered_as_one_inside(address: str) -> None:
    app = FastAPI()
    install(app, page)

    async def before(scope: Scope, receive: Receive, send: Send) -> None:
        await refuse(app, TooOften(13), scope, receive, send)

    inside = client_of(TooOften(13)).get(address, headers=PEOPLE)
    outside = TestClient(before).get(address, headers=PEOPLE)
    assert (outside.status_code, outside.text) == (inside.status_code, inside.text)
    assert outside.headers["retry-after"] == inside.headers["retry-after"] == "13"


def test_the_description_of_a_route_gathers_its_errors_by_status() -> None:
    described = raises(NotFound, PlateNotFound, BadRequest)
    assert set(described) == {404, 422}
    first, second = described[404]["description"].split(" `")
    assert first == "`/problems/not-found`: There is no such record."
    assert second == "/problems/plate-not-found`: There is no such plate."
    assert list(described[404]["content"]) == [MEDIA_TYPE]
