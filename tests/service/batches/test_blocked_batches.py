import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.inspections import PlateEventKind
from qr.layout import LaidOutPlate
from qr.worn_proof import WornReading
from service.addresses.commands import retire_address
from service.auth.members import StaffMember
from service.batches import rendered_file
from service.batches.commands import batches
from service.batches.commands.batches import RENDER
from service.batches.queries.batches import BatchRow, list_left_out
from service.batches.tasks import BatchHandler
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.files import FileStore
from service.core.settings import get_settings
from service.plates.commands.visits import record_visit
from service.plates.queries import get_plate
from service.runs.commands import RunBlocked, chunks
from service.worklists.queries import list_items_of
from tests.factories.batches import (
    lengthen,
    make_batch_request,
    open_zip,
    read_batch,
    read_manifest,
    read_states,
    work_off,
)
from tests.factories.plates import make_visit
from tests.factories.trials import issue

Start = Callable[..., BatchRow]


def test_a_bad_plate_blocks_its_batch_says_why_and_may_be_left_out(
    street: Database, officer: StaffMember, home: Path, start: Start
) -> None:
    bad = lengthen(street, 5, "很长" * 60 + "路")
    batch = start()
    work_off(street, batch)
    blocked = read_batch(street, batch)
    assert blocked.status == "blocked"
    assert blocked.reason.startswith(f"1 plate is bad: {bad} ")
    assert "leave it out" in blocked.reason
    folder = home / "files/batches" / str(batch.id)
    assert [file.name for file in folder.iterdir()] == ["medium-0001.pdf"]
    with street.session() as session:
        batches.leave_out(session, batch.id, bad, "路名过长", officer)
        batches.resume_batch(session, batch.id, officer)
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    assert read_states(street, batch) == {"to_make": 9, "void": 1}
    files = open_zip(home, batch)
    assert bad not in {line["code"] for line in read_manifest(files)}
    (left_out,) = json.loads(files["verification.json"])["left_out"]
    assert (left_out["code"], left_out["reason"]) == (bad, "路名过长")


def test_a_plate_that_does_not_read_from_the_stored_file_blocks_its_batch(
    street: Database, home: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = start()
    write = FileStore.write

    def swap(store: FileStore, name: str, data: bytes) -> None:
        again = name.endswith("medium-0002.pdf")
        write(store, name, store.read(name.replace("0002", "0001")) if again else data)

    monkeypatch.setattr(FileStore, "write", swap)
    work_off(street, batch)
    assert read_batch(street, batch).status == "blocked"
    assert "4 plates are bad" in read_batch(street, batch).reason
    assert "another plate's symbol" in read_batch(street, batch).reason


def test_an_address_retired_in_mid_batch_is_left_out_and_its_plate_void(
    street: Database, home: Path, start: Start
) -> None:
    batch = start()
    with street.session() as session:
        listed = "select code from plate_batch_item where place in (2, 3, 7) order by place"
        first, tried, second = session.execute(text(listed)).scalars()
        gone = [first, second]
        (trial,) = issue(session, [tried], trial=True)
        record_visit(session, trial, PlateEventKind("broken"), make_visit(), COMMAND_LINE)
        retire_address(session, gone[0], reason="拆除", actor=COMMAND_LINE)
    with street.session() as session:
        chunk = chunks.claim_chunk(session, batch.run_id or 0)
        assert chunk is not None
        chunks.complete_chunk(session, chunk, BatchHandler(get_settings).work(session, chunk))
    with street.session() as session:
        retire_address(session, gone[1], reason="拆除", actor=COMMAND_LINE)
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    assert read_states(street, batch) == {"to_make": 8, "void": 1}
    with street.reading() as session:
        assert list_left_out(session, batch.id) == [
            (code, "the address was retired after it was chosen") for code in gone
        ]
        assert get_plate(session, trial).status == "void"
        assert not list_items_of(session, trial, state="open")


def test_a_full_disk_blocks_the_batch_leaves_no_half_file_and_resumes(
    street: Database,
    officer: StaffMember,
    home: Path,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = start()
    (home / "files").mkdir()
    full = FileStore("/dev/full")
    monkeypatch.setattr("service.batches.tasks.open_files", lambda _: full)
    work_off(street, batch, times=3)
    blocked = read_batch(street, batch)
    assert blocked.status == "blocked"
    assert "MENPAI_FILES_URL" in blocked.reason
    assert read_states(street, batch) == {"to_make": 10}
    assert list((home / "files").rglob("*")) == []
    monkeypatch.undo()
    monkeypatch.setenv("MENPAI_HOME", str(home))
    get_settings.cache_clear()
    with street.session() as session:
        batches.resume_batch(session, batch.id, officer)
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    assert len(read_manifest(open_zip(home, batch))) == 10


def test_a_cancelled_batch_has_no_files_and_no_living_plates(
    street: Database, officer: StaffMember, home: Path, start: Start
) -> None:
    batch = start()
    bad = lengthen(street, 9, "很长" * 60 + "路")
    work_off(street, batch)
    assert bad in read_batch(street, batch).reason
    with street.session() as session:
        batches.cancel_batch(session, batch.id, officer)
    assert read_batch(street, batch).status == "cancelled"
    assert read_states(street, batch) == {"void": 10}
    assert not (home / "files/batches" / str(batch.id)).exists()
    with street.session() as session:
        assert batches.choose_batch(session, make_batch_request(), officer).batch.plates == 10


def test_a_part_over_which_workers_die_blocks_the_batch_and_resumes_with_more_memory(
    street: Database, officer: StaffMember, home: Path, start: Start
) -> None:
    batch = start()
    with street.session() as session:
        chunk = chunks.claim_chunk(session, batch.run_id or 0)
        assert chunk is not None
        for _ in range(chunks.MAX_DEATHS):  # each died of memory without a word
            chunks.begin_attempt(session, chunk)
    work_off(street, batch)
    blocked = read_batch(street, batch)
    assert blocked.status == "blocked"
    assert "too little memory" in blocked.reason
    assert read_states(street, batch) == {}
    assert not (home / "files/batches" / str(batch.id)).exists()
    with street.session() as session:
        batches.resume_batch(session, batch.id, officer)
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    assert len(read_manifest(open_zip(home, batch))) == 10


def wear_out(monkeypatch: pytest.MonkeyPatch, share: int) -> None:
    """Let every n-th symbol of a sample be unread after glare, the first one not."""

    def read(
        data: bytes, plates: Sequence[LaidOutPlate], *, every: int, **_: object
    ) -> list[WornReading]:
        tokens = [plate.content.plate_id for plate in plates]
        return [
            WornReading(token, ("glare",) if place % share == share - 1 else ())
            for place, token in enumerate(tokens)
        ]

    monkeypatch.setattr(rendered_file, "read_worn", read)


def test_symbols_that_do_not_last_are_findings_of_the_report(
    street: Database, home: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    wear_out(monkeypatch, 4)
    batch = start()
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    files = open_zip(home, batch)
    worn = json.loads(files["verification.json"])["worn"]
    assert (worn["tried"], worn["with_a_failure"], worn["blocks_from"]) == (10, 2, 4)
    assert (worn["unread_after"], worn["share"], worn["confidence"]) == ({"glare": 2}, 0.04, 0.999)
    checks = list(csv.DictReader(io.StringIO(files["verification.csv"].decode("utf-8-sig"))))
    assert [check["抽检未读项"] for check in checks].count("反光") == 2
    assert {check["抽检"] for check in checks} == {"是"}


def test_more_symbols_that_do_not_last_than_chance_explains_block_the_batch(
    street: Database, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    wear_out(monkeypatch, 2)
    batch = start()
    work_off(street, batch)
    blocked = read_batch(street, batch)
    assert blocked.status == "blocked"
    assert blocked.reason.startswith("抽检 10 块，磨损后读不出 5 块，达到 4 块即停：3301 02")
    assert "河坊街2号（反光）" in blocked.reason
    assert "换用二维码更大的样式" in blocked.reason


def test_a_report_says_what_was_read_and_a_symbol_of_another_prefix_blocks(
    street: Database, officer: StaffMember, start: Start
) -> None:
    batch = start()
    with street.session() as session:
        while (chunk := chunks.claim_chunk(session, batch.run_id or 0)) and chunk.phase <= RENDER:
            chunks.complete_chunk(session, chunk, BatchHandler(get_settings).work(session, chunk))
        assert chunk is not None
        session.execute(text("update plate_batch set payload_prefix = 'https://MOVED.EXAMPLE/'"))
        with pytest.raises(RunBlocked, match="10 块门牌的二维码与登记不一致"):
            BatchHandler(get_settings).work(session, chunk)


def test_a_list_that_became_another_after_the_start_gives_out_no_token(
    street: Database, start: Start
) -> None:
    batch = start()
    moved = text("update plate_batch_item set place = place + 100 where batch_id = :b")
    with street.session() as session:
        session.execute(moved, {"b": batch.id})
    work_off(street, batch)
    blocked = read_batch(street, batch)
    assert (blocked.status, "与批准的不一致" in blocked.reason) == ("blocked", True)
    assert read_states(street, batch) == {}
