import csv
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from qr.proof import read_pdf
from service.addresses.commands import retire_address
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.files import FileStore
from service.core.settings import get_settings
from service.plates import pressing
from service.plates.commands import batches
from service.plates.queries.batches import BatchRow, get_batch, list_left_out
from service.plates.tasks import BatchHandler
from service.plates.wishes import Choice, Make
from service.runs import queries as runs
from service.runs.commands import chunks
from tests.database import TestDatabase
from tests.factories.batches import (
    PREFIX,
    count_plates,
    make_member,
    make_street,
    make_wish,
    start_batch,
    work_off,
)

assert BatchHandler  # registered by its module


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    return tmp_path


@pytest.fixture
def street(fresh_database: TestDatabase, home: Path) -> Iterator[Database]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_street(session, 10)
    yield database
    database.dispose()


@pytest.fixture
def officer(street: Database) -> StaffMember:
    with street.session() as session:
        return make_member(session, "officer", Role.OFFICER)


def start(database: Database, officer: StaffMember, **wish: object) -> BatchRow:
    with database.session() as session:
        return start_batch(session, make_wish(**wish), officer)


def read(database: Database, batch: BatchRow) -> BatchRow:
    with database.reading() as session:
        return get_batch(session, batch.id)


def plates(database: Database, batch: BatchRow) -> dict[str, int]:
    with database.reading() as session:
        return count_plates(session, batch.id)


def open_zip(home: Path, batch: BatchRow) -> dict[str, bytes]:
    data = (home / f"files/batches/{batch.id}/batch-{batch.id}.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["manifest.csv"].decode("utf-8-sig"))))


def test_a_batch_goes_from_its_list_to_the_makers_zip(
    street: Database, officer: StaffMember, home: Path
) -> None:
    batch = start(street, officer)
    work_off(street, batch)
    assert read(street, batch).status == "ready"
    assert plates(street, batch) == {"to_make": 10}
    files = open_zip(home, batch)
    lines = manifest(files)
    assert [line["text"][-3:] for line in lines] == [f"街{n}号"[-3:] for n in range(1, 11)]
    for name in {line["file"] for line in lines}:
        payloads = read_pdf(files[name], module=1.0)
        own = [line for line in lines if line["file"] == name]
        assert list(payloads) == [line["payload"] for line in own]
        assert {hashlib.sha256(files[name]).hexdigest()} == {line["sha256"] for line in own}
    report = json.loads(files["verification.json"])
    assert (report["listed"], report["decoded"], report["failed"]) == (10, 10, 0)
    assert report["worn"]["tried"] == 3
    assert files["proof.pdf"].startswith(b"%PDF")
    assert files["manifest.xlsx"].startswith(b"PK")
    with street.reading() as session:
        run = runs.get_run(session, batch.run_id or 0)
    assert (run.state, run.share, run.result["plates"]) == ("done", 1.0, 10)


def test_plates_are_imposed_on_the_makers_sheet_and_files_end_with_full_sheets(
    street: Database, officer: StaffMember, home: Path
) -> None:
    make = Make(width=700, height=500, gap=10, marks=True, per_file=5)
    batch = start(street, officer, make=make)
    work_off(street, batch)
    lines = manifest(open_zip(home, batch))
    assert [(line["page"], line["spot"]) for line in lines[:4]] == [
        ("1", "1"), ("1", "2"), ("1", "3"), ("1", "4")
    ]  # fmt: skip
    assert [line["file"] for line in lines].count("medium-0001.pdf") == 4


def test_an_interrupted_batch_has_the_files_of_an_undisturbed_one(
    street: Database, officer: StaffMember, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = start(street, officer)
    work = BatchHandler.work
    broken = iter(range(1000))

    def stumble(*arguments: object) -> dict[str, object]:
        done = work(*arguments)  # type: ignore[arg-type]
        if next(broken) % 2:
            raise ConnectionResetError("the worker lost its connection before the commit")
        return done

    monkeypatch.setattr(BatchHandler, "work", stumble)
    work_off(street, batch, times=12)
    assert read(street, batch).status == "ready"
    disturbed = open_zip(home, batch)
    monkeypatch.setattr(BatchHandler, "work", work)
    with street.session() as session:
        session.execute(
            text("update run_chunk set state = 'queued' where run_id = :r and phase > 2"),
            {"r": batch.run_id},
        )
        session.execute(text("update run set state = 'queued' where id = :r"), {"r": batch.run_id})
        session.execute(text("update plate_batch set status = 'running'"))
    for file in (home / "files/batches" / str(batch.id)).iterdir():
        file.unlink()
    work_off(street, batch)
    assert open_zip(home, batch) == disturbed
    assert plates(street, batch) == {"to_make": 10}


def lengthen(database: Database, number: int, name: str) -> str:
    with database.session() as session:
        return str(
            session.execute(
                text(
                    "update address set elements = jsonb_set(elements, '{thoroughfare}', :n) "
                    "where number_order = (select number_order from address order by number_order "
                    "offset :o limit 1) returning code"
                ),
                {"n": json.dumps(name), "o": number},
            ).scalar_one()
        )


def test_a_bad_plate_blocks_its_batch_says_why_and_may_be_left_out(
    street: Database, officer: StaffMember, home: Path
) -> None:
    bad = lengthen(street, 5, "很长" * 60 + "路")
    batch = start(street, officer)
    work_off(street, batch)
    blocked = read(street, batch)
    assert blocked.status == "blocked"
    assert blocked.reason.startswith(f"1 plate is bad: {bad} ")
    assert "leave it out" in blocked.reason
    folder = home / "files/batches" / str(batch.id)
    assert [file.name for file in folder.iterdir()] == ["medium-0001.pdf"]
    with street.session() as session:
        batches.leave_out(session, batch.id, bad, "路名过长", officer)
        batches.resume_batch(session, batch.id, officer)
    work_off(street, batch)
    assert read(street, batch).status == "ready"
    assert plates(street, batch) == {"to_make": 9, "void": 1}
    files = open_zip(home, batch)
    assert bad not in {line["code"] for line in manifest(files)}
    (left_out,) = json.loads(files["verification.json"])["left_out"]
    assert (left_out["code"], left_out["reason"]) == (bad, "路名过长")


def test_a_plate_that_does_not_read_from_the_stored_file_blocks_its_batch(
    street: Database, officer: StaffMember, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = start(street, officer)
    write = FileStore.write

    def swap(store: FileStore, name: str, data: bytes) -> None:
        again = name.endswith("medium-0002.pdf")
        write(store, name, store.read(name.replace("0002", "0001")) if again else data)

    monkeypatch.setattr(FileStore, "write", swap)
    work_off(street, batch)
    assert read(street, batch).status == "blocked"
    assert "4 plates are bad" in read(street, batch).reason
    assert "another plate's symbol" in read(street, batch).reason


def test_an_address_retired_in_mid_batch_is_left_out_and_its_plate_void(
    street: Database, officer: StaffMember, home: Path
) -> None:
    batch = start(street, officer)
    with street.session() as session:
        gone = (
            session.execute(
                text("select code from plate_batch_item where place in (2, 7) order by place")
            )
            .scalars()
            .all()
        )
        retire_address(session, gone[0], reason="拆除", actor=COMMAND_LINE)
    with street.session() as session:
        chunk = chunks.claim_chunk(session, batch.run_id or 0)
        assert chunk is not None
        chunks.complete_chunk(session, chunk, BatchHandler().work(session, chunk))
    with street.session() as session:
        retire_address(session, gone[1], reason="拆除", actor=COMMAND_LINE)
    work_off(street, batch)
    assert read(street, batch).status == "ready"
    assert plates(street, batch) == {"to_make": 8, "void": 1}
    with street.reading() as session:
        assert list_left_out(session, batch.id) == [
            (code, "the address was retired after it was chosen") for code in gone
        ]


def test_a_full_disk_blocks_the_batch_leaves_no_half_file_and_resumes(
    street: Database, officer: StaffMember, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = start(street, officer)
    (home / "files").mkdir()
    full = FileStore("/dev/full")
    monkeypatch.setattr(pressing, "read_worn", pressing.read_worn)
    monkeypatch.setattr("service.plates.tasks.open_files", lambda _: full)
    work_off(street, batch, times=3)
    blocked = read(street, batch)
    assert blocked.status == "blocked"
    assert "MENPAI_FILES_URL" in blocked.reason
    assert plates(street, batch) == {"to_make": 10}
    assert list((home / "files").rglob("*")) == []
    monkeypatch.undo()
    monkeypatch.setenv("MENPAI_HOME", str(home))
    get_settings.cache_clear()
    with street.session() as session:
        batches.resume_batch(session, batch.id, officer)
    work_off(street, batch)
    assert read(street, batch).status == "ready"
    assert len(manifest(open_zip(home, batch))) == 10


def test_two_workers_share_a_batch_and_make_no_plate_twice(
    street: Database, officer: StaffMember, home: Path
) -> None:
    batch = start(street, officer, make=Make(per_file=1))
    workers = [threading.Thread(target=work_off, args=(street, batch, 2)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert read(street, batch).status == "ready"
    lines = manifest(open_zip(home, batch))
    assert len({line["code"] for line in lines}) == len({line["token"] for line in lines}) == 10
    assert plates(street, batch) == {"to_make": 10}


def test_a_cancelled_batch_has_no_files_and_no_living_plates(
    street: Database, officer: StaffMember, home: Path
) -> None:
    batch = start(street, officer)
    bad = lengthen(street, 9, "很长" * 60 + "路")
    work_off(street, batch)
    assert bad in read(street, batch).reason
    with street.session() as session:
        batches.cancel_batch(session, batch.id, officer)
    assert read(street, batch).status == "cancelled"
    assert plates(street, batch) == {"void": 10}
    assert list((home / "files/batches" / str(batch.id)).iterdir()) == []
    with street.session() as session:
        assert batches.choose_batch(session, make_wish(), officer).batch.plates == 10


def test_a_reprint_is_the_next_generation_and_the_old_plate_leads_on(
    street: Database, officer: StaffMember, home: Path
) -> None:
    first = start(street, officer)
    work_off(street, first)
    wish = Choice(division="330102", reprint=True)
    second = start(street, officer, choice=wish, reprint_reason="褪色")
    work_off(street, second)
    with street.reading() as session:
        rows = session.execute(
            text(
                "select n.generation, o.replaced_by = n.token, n.batch_id from plate o "
                "join plate n on n.code = o.code and n.batch_id <> o.batch_id "
                "where o.batch_id = :first"
            ),
            {"first": first.id},
        ).all()
    assert set(rows) == {(2, True, second.id)}
    assert len(rows) == 10
    assert all(line["replaces"] for line in manifest(open_zip(home, second)))
    assert PREFIX.startswith("https://")
