import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.auth.guards import FORM_HEADER
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.batches.commands import approval, batches
from service.batches.queries.batches import get_batch, list_batches
from service.core.database import Database
from service.core.settings import Settings, get_settings
from tests.database import TestDatabase
from tests.factories.batches import make_street, work_off
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, insert_account
from tests.factories.programs import make_program
from tests.factories.staff import sign_in

WISH = {"name": "河坊街第一批", "division": "330102", "plates_per_file": 4}
AT_ONCE = 100


@dataclass
class Bureau:
    """The API over a street of six doors, and the calls of whoever is signed in."""

    database: Database
    client: TestClient

    def enter(self, name: str) -> None:
        signed_in = sign_in(self.database, name, self.client)
        self.client.headers[FORM_HEADER] = signed_in.form_token

    def create(self, key: str, **changes: object) -> Any:
        headers = {"Idempotency-Key": key}
        return self.client.post("/api/v1/batches", json=WISH | changes, headers=headers)


@pytest.fixture
def bureau(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Bureau]:
    database = Database(fresh_database.app_url, pool_size=20)
    with database.session() as session:
        make_street(session, 6)
        insert_account(session, "officer", Role.OFFICER, COUNTIES["own"])
        insert_account(session, "second", Role.OFFICER, COUNTIES["own"])
        insert_account(session, "stranger", Role.OFFICER, COUNTIES["foreign"])
    settings = Settings(home=tmp_path, public_url=PUBLIC_URL)
    with TestClient(create_app(database, settings), PUBLIC_URL) as client:
        found = Bureau(database, client)
        found.enter("officer")
        yield found
    database.dispose()


def test_one_key_a_hundred_times_at_once_makes_one_batch(bureau: Bureau) -> None:
    def create(_: int) -> Any:
        """As a client does that is told to come again: with the same key."""
        while (answer := bureau.create("once")).status_code in (503, 409):
            running = "/problems/request-running"
            assert answer.headers.get("retry-after") or answer.json()["type"].endswith(running)
        return answer

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(create, range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["batch"]["id"] for answer in answers}) == 1
    with bureau.database.reading() as session:
        (only,) = list_batches(session)
    assert (only.plates, only.author) == (6, "officer")


def test_a_key_belongs_to_one_request_of_one_person(bureau: Bureau) -> None:
    first = bureau.create("k").json()["batch"]["id"]
    other = bureau.create("k", name="另一批")
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"
    assert "Idempotency-Key" in other.json()["detail"]
    again = bureau.create("k")
    assert (again.json()["batch"]["id"], again.status_code) == (first, 201)
    assert again.headers["idempotent-replayed"] == "true"
    bureau.enter("second")
    assert bureau.create("k").status_code == 409  # the doors stand in the first one's batch
    with bureau.database.reading() as session:
        assert [batch.id for batch in list_batches(session)] == [first]


def test_codes_that_are_not_in_a_batch_come_with_the_reason(bureau: Bureau) -> None:
    answer = bureau.create("k", codes=["12"], division="")
    assert answer.status_code == 409
    assert "12" in answer.json()["detail"]
    assert bureau.create("l", plates_per_file=0).status_code == 422


def test_a_batch_and_its_run_are_seen_in_their_division_only(bureau: Bureau) -> None:
    number = bureau.create("k").json()["batch"]["id"]
    path = f"/api/v1/batches/{number}"
    assert bureau.client.get(path).json()["run_state"] is None
    run = _start(bureau, number)
    shown = bureau.client.get(path).json()
    assert (shown["batch"]["status"], shown["run_state"], shown["share"]) == (
        "running", "queued", 0.0,
    )  # fmt: skip
    assert bureau.client.get(f"/api/v1/runs/{run}").json()["total"] == 9
    bureau.enter("second")  # of the same county, though not who started it
    assert bureau.client.get(f"/api/v1/runs/{run}").status_code == 200
    bureau.enter("stranger")
    assert bureau.client.get(path).status_code == 404
    foreign, missing = bureau.client.get(path), bureau.client.get("/api/v1/batches/999")
    told = foreign.json()["detail"].replace(path.rpartition("/")[2], "N")
    assert told == missing.json()["detail"].replace("999", "N"), "whether it exists is not told"
    assert bureau.client.get(f"/api/v1/runs/{run}").status_code == 404
    assert bureau.client.get("/api/v1/batches").json() == []


def test_files_are_taken_one_by_one_as_they_were_proven(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    number = bureau.create("k").json()["batch"]["id"]
    path = f"/api/v1/batches/{number}/files"
    _start(bureau, number)
    assert bureau.client.get(path).json() == []
    assert bureau.client.get(f"{path}/batch.zip").status_code == 404
    with bureau.database.reading() as session:
        batch = get_batch(session, number)
    work_off(bureau.database, batch)
    files = bureau.client.get(path).json()
    assert [file["plates"] for file in files] == [4, 2]
    for file in files:
        taken = bureau.client.get(f"{path}/{file['name']}").content
        assert hashlib.sha256(taken).hexdigest() == file["sha256"]
        assert len(taken) == file["bytes"]
    assert bureau.client.get(f"{path}/proof.pdf").content.startswith(b"%PDF")
    assert bureau.client.get(f"{path}/other.pdf").status_code == 404
    bureau.enter("stranger")
    assert bureau.client.get(path).status_code == 404
    assert bureau.client.get(f"{path}/batch.zip").status_code == 404
    assert bureau.client.get("/api/v1/batches/99999999999999999999").status_code == 404


def test_neither_nobody_nor_a_program_makes_a_batch_or_sees_an_officers_run(
    bureau: Bureau,
) -> None:
    run = _start(bureau, bureau.create("k").json()["batch"]["id"])
    bureau.client.cookies.clear()
    assert bureau.create("n").status_code == 401
    assert bureau.client.get(f"/api/v1/runs/{run}").status_code == 401
    with bureau.database.session() as session:
        key = make_program(session, "department")
    bureau.client.headers["Authorization"] = f"Bearer {key}"
    assert bureau.client.get(f"/api/v1/runs/{run}").status_code == 404
    assert bureau.create("n").status_code == 401


def test_a_request_without_the_form_token_makes_nothing(bureau: Bureau) -> None:
    del bureau.client.headers[FORM_HEADER]
    assert bureau.create("k").status_code == 403
    with bureau.database.reading() as session:
        assert list_batches(session) == []


def _start(bureau: Bureau, number: int) -> int:
    """Submit and start a batch; the number of its run."""
    with bureau.database.session() as session:
        held = get_account(session, "officer")
        member = StaffMember(held.id, held.name, held.display_name, held.assignments)
        approval.submit_batch(session, number, member, approval_above=100)
        return batches.start_batch(session, number, member).run_id or 0
