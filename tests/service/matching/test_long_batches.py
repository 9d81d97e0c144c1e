"""Batches of more than 10,000 rows become runs, whose result is what the answer would have been."""

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.addresses.commands import enter_addresses
from service.app import create_app
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.files import open_files
from service.core.settings import Settings
from service.matching import batch_parts, batches
from service.matching.commands import KIND
from service.matching.tasks import ResolveHandler
from service.runs import worker_loop
from service.runs.commands import forget_files, register
from service.runs.results import folder_of
from tests.database import migrated_database
from tests.factories import make_draft, make_place, make_program
from tests.factories.hosts import PUBLIC_URL

BODIES = {
    "text/csv": "编号,地址\n" + "".join(f'{n},"河坊街{86 + 2 * (n % 3)}号"\n' for n in range(23)),
    "application/x-ndjson": "".join(
        json.dumps({"n": n, "地址": f"河坊街{86 + 2 * (n % 3)}号"}, ensure_ascii=False) + "\n"
        for n in range(23)
    ),
    "application/json": json.dumps({"texts": [f"河坊街{86 + 2 * (n % 3)}号" for n in range(23)]}),
}
BODIES["text/tab-separated-values"] = BODIES["text/csv"].replace(",", "\t")


@dataclass
class Department:
    """A program, and another, over three doors."""

    url: str
    database: Database
    settings: Settings
    client: TestClient
    other: dict[str, str]

    def send(self, kind: str, body: str, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            "/api/v1/resolve/batch?division=330102",
            content=body.encode(),
            headers={"Content-Type": kind} | named,
        )

    def read(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Department]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            enter_addresses(session, [make_draft(place, n) for n in ("86", "88", "90")], ME)
            keys = [str(make_program(session, name)) for name in ("one", "two")]
        settings = Settings(home=tmp_path_factory.mktemp("home"), public_url=PUBLIC_URL)
        app = create_app(database, settings)
        register(KIND, ResolveHandler(lambda: settings))
        with TestClient(app, PUBLIC_URL, headers={"X-API-Key": keys[0]}) as client:
            yield Department(made.app_url, database, settings, client, {"X-API-Key": keys[1]})
        database.dispose()


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_run_gives_what_one_answer_would_have_given(
    department: Department, monkeypatch: pytest.MonkeyPatch, kind: str, mark: str
) -> None:
    body = BODIES[kind] if kind == "application/json" else mark + BODIES[kind]
    small = department.send(kind, body)
    assert small.status_code == 200
    monkeypatch.setattr(batches, "MOST_ROWS", 20)
    monkeypatch.setattr(batch_parts, "PART_ROWS", 7)
    queued = department.send(kind, body)
    assert (queued.status_code, queued.json()["state"]) == (202, "queued")
    path = queued.headers["location"]
    assert department.read(f"{path}/result").status_code == 409
    worker_loop.run_chunks(department.database, queued.json()["id"])
    ended = department.read(path).json()
    assert (ended["state"], ended["done"], ended["total"]) == ("done", 23, 23)
    result = department.read(f"{path}/result")
    assert result.content == small.content
    assert result.headers["content-type"].startswith(kind)
    assert department.read(f"{path}/rejects").status_code == 404


def test_a_run_is_its_owners_alone(department: Department, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 20)
    path = department.send("text/csv", BODIES["text/csv"]).headers["location"]
    number = int(path.rsplit("/", 1)[1])
    worker_loop.run_chunks(department.database, number)
    for asked in (path, f"{path}/result"):
        assert department.read(asked).status_code == 200
        assert department.read(asked, **department.other).status_code == 404
    assert department.client.delete(path, headers=department.other).status_code == 404
    assert department.client.delete(path).status_code == 409  # it is done


def test_a_cancelled_run_leaves_no_file_and_its_key_makes_no_second_one(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 20)
    body, files = BODIES["text/csv"], open_files(department.settings)
    first = department.send("text/csv", body, Idempotency_Key="k")
    again = department.send("text/csv", body, Idempotency_Key="k")
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    path, folder = first.headers["location"], folder_of(first.json()["id"])
    assert files.list_names(folder) == [f"{folder}/source.csv"]
    assert department.client.delete(path).json()["state"] == "cancelled"
    assert files.list_names(folder) == []
    assert department.read(f"{path}/result").status_code == 409


def test_results_are_kept_for_some_days(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 20)
    files = open_files(department.settings)
    path = department.send("text/csv", BODIES["text/csv"]).headers["location"]
    number = int(path.rsplit("/", 1)[1])
    worker_loop.run_chunks(department.database, number)
    assert files.list_names(folder_of(number)) == [f"{folder_of(number)}/result.csv"]
    with department.database.session() as session:
        assert forget_files(session, files, 1) == 0
        assert forget_files(session, files, -1) >= 1
    assert files.list_names(folder_of(number)) == []
    gone = department.read(f"{path}/result")
    assert (gone.status_code, gone.json()["type"]) == (410, "/problems/gone")
    with department.database.session() as session:
        assert forget_files(session, files, -1) == 0


def test_a_batch_without_its_column_stops_with_the_reason_and_too_many_wait(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 20)
    body = BODIES["text/csv"].replace("地址", "何处")
    path = department.send("text/csv", body, **department.other).headers["location"]
    worker_loop.run_chunks(department.database, int(path.rsplit("/", 1)[1]))
    failed = department.read(path, **department.other).json()
    assert failed["state"] == "failed"
    assert "column" in failed["reason"]
    for _ in range(4):
        assert (
            department.send("text/csv", BODIES["text/csv"], **department.other).status_code == 202
        )
    assert department.send("text/csv", BODIES["text/csv"], **department.other).status_code == 503


def die_in_the_middle(url: str, home: Path, number: int) -> None:
    """A worker that is killed when it has written its second part, before that is committed."""
    settings, written = Settings(home=home, public_url=PUBLIC_URL), []

    class Dying(ResolveHandler):
        def work(self, session: Any, chunk: Any) -> dict[str, object]:
            done = super().work(session, chunk)
            written.append(chunk.number)
            if len(written) == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

    batch_parts.PART_ROWS = 7
    register(KIND, Dying(lambda: settings))
    worker_loop.run_chunks(Database(url), number)


def test_a_killed_worker_is_gone_on_from(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = "text/csv"
    small = department.send(kind, BODIES[kind])
    monkeypatch.setattr(batches, "MOST_ROWS", 20)
    monkeypatch.setattr(batch_parts, "PART_ROWS", 7)
    path = department.send(kind, BODIES[kind]).headers["location"]
    number = int(path.rsplit("/", 1)[1])
    beside = multiprocessing.get_context("spawn").Process(
        target=die_in_the_middle, args=(department.url, department.settings.home, number)
    )
    beside.start()
    beside.join()
    assert beside.exitcode == -9
    assert 0 < department.read(path).json()["done"] < 23
    worker_loop.run_chunks(department.database, number)
    assert department.read(f"{path}/result").content == small.content
