"""Lists that programs send: checked and stored by a run, with what became of each row."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from fastapi.testclient import TestClient

from service.addresses.queries import count_addresses
from service.app import create_app
from service.auth.commands import withdraw_grant
from service.auth.permissions import Permission, Role
from service.auth.queries import get_client
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import Settings
from service.imports.commands.upload_review import approve_upload, send_back_upload
from service.imports.commands.upload_runs import CHECK_KIND, STORE_KIND
from service.imports.tasks import UploadHandler
from service.imports.uploads.queries import get_upload, list_uploads_to_approve
from service.runs import worker_loop
from service.runs.commands import register
from tests.database import TestDatabase
from tests.factories.batches import make_member
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import Office, make_office
from tests.factories.programs import grant_program, make_program

GOOD = "编号,地址\n1,杭州市上城区清波街道河坊街90号\n2,杭州市上城区清波街道河坊街92号\n"
MIXED = (
    GOOD + "3,杭州市上城区清波街道河坊街88号\n4,杭州市西湖区河坊街1号\n"
    "5,不是地址\n6,杭州市上城区清波街道河坊街90号\n"
)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Program:
    """A program with the right to write in 上城区, and one that has none."""

    office: Office
    client: TestClient
    other: dict[str, str]

    def send(self, body: str | bytes, kind: str = "text/csv", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        query = named.pop("query", "division=330102&source=list")
        content = body if isinstance(body, bytes) else body.encode()
        return self.client.post(
            f"/api/v1/addresses/import?{query}",
            content=content,
            headers={"Content-Type": kind} | named,
        )

    def done(self, answer: Any) -> dict[str, Any]:
        """The run of an answer, when a worker has done it."""
        assert answer.status_code == 202, answer.text
        path = answer.headers["location"]
        worker_loop.run_chunks(self.office.database, int(path.rsplit("/", 1)[1]))
        found: dict[str, Any] = self.client.get(path).json()
        return found

    def read(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}")

    def count(self) -> int:
        with self.office.database.reading() as session:
            return count_addresses(session)


@pytest.fixture
def program(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Program]:
    database = Database(fresh_database.app_url)
    office = make_office(database)
    with database.session() as session:
        write = [Permission.ADDRESSES_WRITE]
        keys = [
            str(make_program(session, "housing", write, "330102000000")),
            str(make_program(session, "other", write, "330102000000")),
        ]
    settings = Settings(home=tmp_path, public_url=PUBLIC_URL, import_approval_above=2)
    app = create_app(database, settings)
    for kind in (CHECK_KIND, STORE_KIND):
        register(kind, UploadHandler(lambda: settings))
    with TestClient(app, PUBLIC_URL, headers={"X-API-Key": keys[0]}) as client:
        yield Program(office, client, {"X-API-Key": keys[1]})
    database.dispose()


def test_a_list_is_stored_with_what_became_of_each_row(program: Program) -> None:
    sent = program.send(MIXED)
    assert (sent.json()["state"], sent.json()["columns"]["地址"]) == ("checking", "text")
    run = program.done(sent)
    assert (run["state"], run["result"]["state"]) == ("done", "stored")
    assert run["result"]["counts"]["new"] == 2
    assert program.count() == 4
    lines = program.read(f"/runs/{run['id']}/result").text.lstrip("\ufeff").splitlines()
    assert lines[0] == "row,outcome,code,standard_text,reason,hint,rule"
    outcomes = [line.split(",")[1] for line in lines[1:]]
    assert outcomes == ["new", "new", "same", "error", "error", "same"]
    rejects = program.read(f"/runs/{run['id']}/rejects").text
    assert [line.split(",")[0] for line in rejects.lstrip("\ufeff").splitlines()[1:]] == ["4", "5"]
    assert "不在本次导入的区划内" in rejects
    found = program.read(f"/addresses/imports/{sent.json()['id']}").json()
    assert (found["state"], found["state_name"], found["decision"]) == (
        "stored",
        "已入库",
        "已批准",
    )


def test_a_dry_run_stores_nothing_and_the_list_again_is_the_same(program: Program) -> None:
    run = program.done(program.send(GOOD, query="division=330102&dry_run=true"))
    assert (run["result"]["state"], run["result"]["counts"]["new"]) == ("checked", 2)
    assert program.count() == 2
    assert "new" in program.read(f"/runs/{run['id']}/result").text
    assert program.done(program.send(GOOD))["result"]["counts"]["new"] == 2
    again = program.done(program.send(GOOD))
    assert (again["result"]["counts"]["new"], again["result"]["counts"]["same"]) == (0, 2)
    assert program.count() == 4


def test_workbooks_and_lines_are_answered_in_their_own_format(program: Program) -> None:
    lines = '{"地址": "杭州市上城区清波街道河坊街94号"}\n'
    run = program.done(program.send(lines, "application/x-ndjson"))
    result = program.read(f"/runs/{run['id']}/result")
    assert result.headers["content-type"] == "application/x-ndjson"
    assert '"outcome": "new"' in result.text
    book = BytesIO()
    with xlsxwriter.Workbook(book) as written:
        sheet = written.add_worksheet()
        sheet.write_column(0, 0, ["地址", "杭州市上城区清波街道河坊街96号"])
    run = program.done(program.send(book.getvalue(), WORKBOOK))
    assert program.read(f"/runs/{run['id']}/rejects").content[:2] == b"PK"
    assert program.count() == 4


def test_one_key_sends_one_list(program: Program) -> None:
    first = program.send(GOOD, Idempotency_Key="k")
    again = program.send(GOOD, Idempotency_Key="k")
    assert (again.text, again.headers["idempotent-replayed"]) == (first.text, "true")
    assert again.headers["location"] == first.headers["location"]
    assert program.send(MIXED, Idempotency_Key="k").status_code == 422


def test_many_new_addresses_wait_for_a_second_person(program: Program) -> None:
    body = GOOD + "3,杭州市上城区清波街道河坊街94号\n"
    sent = program.send(body)
    number, run = sent.json()["id"], program.done(sent)
    assert (run["state"], run["result"]["state"], program.count()) == ("done", "awaiting", 2)
    asked = program.read(f"/addresses/imports/{number}").json()
    assert (asked["state"], asked["decision"]) == ("awaiting", "待审批")
    database = program.office.database
    with database.session() as session:
        approver = make_member(session, "approver", Role.APPROVER)
        (line,) = list_uploads_to_approve(session, approver.account_id, scopes=[""])
        assert (line.id, line.account) == (number, "housing")
        held = get_upload(session, number)
        stored = approve_upload(session, held, approver, agreed=held.digest)
    worker_loop.run_chunks(database, stored)
    found = program.read(f"/addresses/imports/{number}").json()
    assert (found["state"], found["run"], program.count()) == ("stored", stored, 5)
    assert "new" in program.read(f"/runs/{stored}/result").text


def test_what_is_sent_back_says_why(program: Program) -> None:
    sent = program.send(GOOD + "3,杭州市上城区清波街道河坊街94号\n")
    program.done(sent)
    with program.office.database.session() as session:
        approver = make_member(session, "approver", Role.APPROVER)
        held = get_upload(session, sent.json()["id"])
        send_back_upload(session, held, approver, reason="请先核对门牌")
    found = program.read(f"/addresses/imports/{sent.json()['id']}").json()
    assert (found["decision"], found["decision_reason"]) == ("已退回", "请先核对门牌")
    assert program.count() == 2


@pytest.mark.parametrize(
    ("body", "kind", "query", "status"),
    [
        (GOOD, "text/csv", "division=330106", 403),
        (GOOD, "text/csv", "", 403),
        (GOOD, "application/pdf", "division=330102", 422),
        ("", "text/csv", "division=330102", 422),
        ("甲,乙\n1,2\n", "text/csv", "division=330102", 422),
        ("不是表格", WORKBOOK, "division=330102", 422),
    ],
)
def test_what_cannot_be_taken_is_refused_at_once(
    program: Program, body: str, kind: str, query: str, status: int
) -> None:
    assert program.send(body, kind, query=query).status_code == status


def test_columns_are_said_where_they_are_not_understood(program: Program) -> None:
    body = GOOD.replace("地址", "何处")
    assert program.send(body).status_code == 422
    run = program.done(program.send(body, query="division=330102&columns=何处=text"))
    assert run["result"]["counts"]["new"] == 2


def test_a_list_is_its_senders_alone_and_can_be_stopped(program: Program) -> None:
    sent = program.send(GOOD)
    path = f"/api/v1/addresses/imports/{sent.json()['id']}"
    assert program.client.get(path, headers=program.other).status_code == 404
    run = sent.headers["location"]
    assert program.client.delete(run, headers=program.other).status_code == 404
    assert program.client.delete(run).json()["state"] == "cancelled"
    found = program.client.get(path).json()
    assert (found["state"], found["stopped"]) == ("read", "已按要求停下。")
    with program.office.database.reading() as session:
        assert get_upload(session, found["id"]).account == "housing"


def test_a_withdrawn_grant_stores_nothing_more(program: Program) -> None:
    sent = program.send(GOOD)
    with program.office.database.session() as session:
        (grant,) = get_client(session, "housing").grants
        withdraw_grant(session, grant.grant.number, ME)
    run = program.done(sent)
    assert (run["state"], program.count()) == ("failed", 2)
    with program.office.database.reading() as session:
        assert get_upload(session, sent.json()["id"]).state == "read"
    assert program.send(GOOD).status_code == 403


def test_a_grant_to_the_door_takes_no_list_and_says_which_one_does(program: Program) -> None:
    dry = "division=330102&dry_run=true"
    with program.office.database.session() as session:
        write = [Permission.ADDRESSES_WRITE]
        key = str(make_program(session, "doors", write, "330102000000", is_deep=False))
    refused = program.send(GOOD, query=dry, X_API_Key=key)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    assert "a list may hold rooms" in refused.json()["hint"]
    with program.office.database.session() as session:
        grant_program(session, "doors", write, "330102000000", is_deep=True)
    assert program.send(GOOD, query=dry, X_API_Key=key).status_code == 202
