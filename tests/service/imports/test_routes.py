"""Programs enter and change addresses: once for a key, in the version seen, in their divisions."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from address_model.sensitivity import FieldClass
from service.addresses.queries import count_addresses
from service.app import create_app
from service.auth.commands import withdraw_grant
from service.auth.permissions import Permission
from service.auth.queries import get_client
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.settings import Settings
from tests.database import TestDatabase
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import Office, make_office
from tests.factories.programs import grant_program, make_program

NEW = "浙江省杭州市上城区清波街道河坊街90号"
WRITING = (Permission.ADDRESSES_WRITE, Permission.ADDRESSES_READ)
AT = {"lon": 120.1652, "lat": 30.2401}


@dataclass
class Program:
    """A program with the right to write in 上城区."""

    office: Office
    client: TestClient

    @property
    def own(self) -> str:
        return self.office.codes["own"]

    def post(self, path: str, body: Mapping[str, object], **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1/addresses{path}", json=body, headers=named)

    def change(
        self, action: str, body: Mapping[str, object], code: str = "", **headers: str
    ) -> Any:
        """Change an address as it was just read."""
        code = code or self.own
        seen = self.client.get(f"/api/v1/addresses/{code}").headers.get("etag", "*")
        return self.post(f"/{code}/{action}", body, **({"If_Match": seen} | headers))

    def count(self) -> int:
        with self.office.database.reading() as session:
            return count_addresses(session)


@pytest.fixture
def program(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Program]:
    database = Database(fresh_database.app_url, pool_size=10)
    office = make_office(database)
    with database.session() as session:
        key = make_program(session, "housing", WRITING, "330102000000")
    settings = Settings(
        home=tmp_path, public_url=PUBLIC_URL, address_approval_above=2, import_approval_above=6
    )
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(database, settings), PUBLIC_URL, headers=headers) as client:
        yield Program(office, client)
    database.dispose()


def test_a_new_address_gets_its_code_and_one_that_is_there_is_named(program: Program) -> None:
    made = program.post("", {"text": NEW, "source": "竣工备案", "source_id": "A-1", **AT})
    assert (made.status_code, made.json()["outcome"]) == (201, "new")
    address = made.json()["address"]
    assert (address["standard_text"], address["level"]) == (NEW, "number")
    assert made.headers["location"] == f"/api/v1/addresses/{address['code']}"
    assert program.client.get(made.headers["location"]).json()["version"] == address["version"]
    again = program.post("", {"text": "上城区清波街道河坊街九十号"})
    assert (again.status_code, again.json()["outcome"]) == (200, "same")
    assert again.json()["address"]["code"] == address["code"]
    other = program.post(
        "", {"text": NEW.replace("90", "92"), "source": "竣工备案", "source_id": "A-1"}
    )
    assert (other.status_code, address["code"] in other.json()["detail"]) == (409, True)
    assert program.count() == 3


def test_one_key_makes_one_address_also_at_once(program: Program) -> None:
    def send(_: int) -> Any:
        return program.post("", {"text": NEW}, Idempotency_Key="k")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(16)))
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    again = send(0)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert {answer.text for answer in answers if answer.status_code == 201} == {again.text}
    refused = program.post("", {"text": NEW.replace("90", "94")}, Idempotency_Key="k")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/key-reused")
    assert program.count() == 3


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"text": "河坊街"}, 422, "address-refused"),
        ({"text": NEW.replace("90号", "90、92号")}, 422, "address-refused"),
        ({"text": NEW, "lon": 119.0, "lat": 30.0}, 422, "address-refused"),
        ({"text": NEW, "lon": 120.1}, 422, "malformed-request"),
        ({"text": NEW.replace("上城区清波街道", "西湖区")}, 403, "not-allowed"),
        ({"text": NEW, "more": 1}, 422, "malformed-request"),
    ],
)
def test_what_cannot_be_entered_is_refused_and_leaves_nothing(
    program: Program, body: dict[str, object], status: int, kind: str
) -> None:
    answer = program.post("", body, Idempotency_Key="k")
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert program.count() == 2
    assert program.post("", {"text": NEW}, Idempotency_Key="k").status_code == 201


def test_an_address_is_corrected_in_the_version_that_was_seen(program: Program) -> None:
    body = {"text": NEW, "reason": "门牌整治", "document": "上政函〔2026〕12号"}
    first = program.change("correct", body, Idempotency_Key="k")
    assert first.status_code == 200
    shown = first.json()["address"]
    assert (shown["standard_text"], first.json()["changed"]) == (NEW, 1)
    assert first.headers["etag"] == f'"{shown["version"]}"'
    stale = program.change("correct", {"text": NEW.replace("90", "96")}, If_Match='"1"')
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/outdated")
    assert (stale.json()["seen"], stale.json()["version"]) == (1, shown["version"])
    again = program.change("correct", body, Idempotency_Key="k", If_Match='"1"')
    assert (again.status_code, again.text) == (200, first.text)
    unsaid = program.post(f"/{program.own}/correct", body)
    assert unsaid.status_code == 428
    with program.office.database.reading() as session:
        entry = session.execute(
            text("select actor, detail from audit_entry where action = 'addresses:correct'")
        ).one()
    assert entry.actor == "client:housing"
    assert (entry.detail["reason"], entry.detail["source"]) == ("门牌整治", "上政函〔2026〕12号")


def test_an_address_is_moved_within_its_county(program: Program) -> None:
    moved = program.change("move", {**AT, "accuracy": "B"})
    assert moved.status_code == 200
    assert moved.json()["address"]["geometry"]["coordinates"] == [AT["lon"], AT["lat"]]
    assert moved.json()["address"]["position"]["accuracy"] == "B"
    far = program.change("move", {"lon": 119.0, "lat": 30.0})
    assert (far.status_code, far.json()["type"]) == (422, "/problems/address-refused")


def test_an_address_ends_with_a_successor(program: Program) -> None:
    heir = program.post("", {"text": NEW}).json()["address"]["code"]
    foreign = program.office.codes["foreign"]
    wrong = program.change("retire", {"reason": "并户", "successor": foreign})
    assert wrong.status_code == 404
    ended = program.change("retire", {"reason": "并户", "successor": heir})
    assert (ended.status_code, ended.json()["address"]["status"]) == (200, "replaced")
    assert ended.json()["address"]["successor_code"] == heir
    assert program.change("retire", {"reason": "再来"}).status_code == 409
    assert (
        program.change("retire", {"reason": "误", "invalid": True, "successor": heir}).status_code
        == 422
    )


def test_another_county_is_not_there_and_without_a_grant_nothing_is_done(program: Program) -> None:
    foreign = program.office.codes["foreign"]
    hidden = program.change("retire", {"reason": "x"}, foreign)
    unknown = program.change("retire", {"reason": "x"}, "3301020000000141")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json() == unknown.json() | {
        "detail": unknown.json()["detail"].replace("3301020000000141", foreign)
    }
    with program.office.database.session() as session:
        (grant,) = get_client(session, "housing").grants
        withdraw_grant(session, grant.grant.number, ME)
        grant_program(session, "housing", [Permission.ADDRESSES_READ], "330102000000")
    assert program.post("", {"text": NEW}).status_code == 403
    assert program.change("retire", {"reason": "x"}).status_code == 403


def test_more_than_may_go_on_alone_is_left_to_the_desk(program: Program) -> None:
    for room in ("101", "102"):
        entered = program.post("", {"text": f"浙江省杭州市上城区清波街道河坊街88号{room}室"})
        assert entered.status_code == 201
    refused = program.change("retire", {"reason": "已拆除"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/second-person-needed")
    shown = program.client.get(f"/api/v1/addresses/{program.own}").json()
    assert shown["status"] != "retired"
    entered = [
        program.post("", {"text": NEW.replace("90", str(100 + 2 * at))}).status_code
        for at in range(5)
    ]
    assert entered == [201] * 4 + [409]  # six a day, with the two rooms


def test_two_who_saw_the_same_version_change_it_once(program: Program) -> None:
    seen = program.client.get(f"/api/v1/addresses/{program.own}").headers["etag"]

    def correct(number: int) -> int:
        wanted = {"text": NEW.replace("90", str(number))}
        while (
            answer := program.post(f"/{program.own}/correct", wanted, If_Match=seen)
        ).status_code == 503:
            pass
        return int(answer.status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(correct, (90, 92))) == [200, 412]


def test_a_grant_that_ends_at_the_door_writes_nothing_below_it(program: Program) -> None:
    room = f"{NEW}101室"
    made = program.post("", {"text": room})
    assert (made.status_code, made.json()["address"]["level"]) == (201, "room")
    code = made.json()["address"]["code"]
    with program.office.database.session() as session:
        (grant,) = get_client(session, "housing").grants
        withdraw_grant(session, grant.grant.number, ME)
        grant_program(
            session, "housing", WRITING, "330102000000", [FieldClass.PUBLIC], is_deep=False
        )
    assert program.change("move", AT, code).status_code == 404
    refused = program.post("", {"text": room.replace("101", "102")})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    shown = program.post("", {"text": NEW.replace("90", "92")}).json()["address"]
    assert "point_note" not in shown  # of the register, and hidden from it
    assert shown["standard_text"] == NEW.replace("90", "92")
