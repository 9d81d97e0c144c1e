import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import text

from address_model.elements import Numbered
from qr.proof import read_pdf
from service.addresses.commands import enter_addresses
from service.batches.queries.batches import BatchRow
from service.batches.request import PrintOptions, Selection
from service.batches.tasks import BatchHandler
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.divisions.queries import get_division
from service.runs import queries as runs
from tests.factories.addresses import BASE, make_draft
from tests.factories.batches import open_zip, read_batch, read_manifest, read_states, work_off
from tests.factories.divisions import Place

Start = Callable[..., BatchRow]


def test_a_batch_goes_from_its_list_to_the_makers_zip(
    street: Database, home: Path, start: Start
) -> None:
    batch = start()
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    assert read_states(street, batch) == {"to_make": 10}
    files = open_zip(home, batch)
    lines = read_manifest(files)
    assert [line["text"][-3:] for line in lines] == [f"街{n}号"[-3:] for n in range(1, 11)]
    for name in {line["file"] for line in lines}:
        payloads = read_pdf(files[name], module=1.0)
        own = [line for line in lines if line["file"] == name]
        assert list(payloads) == [line["payload"] for line in own]
        assert {hashlib.sha256(files[name]).hexdigest()} == {line["sha256"] for line in own}
    report = json.loads(files["verification.json"])
    assert (report["listed"], report["decoded"], report["failed"]) == (10, 10, 0)
    assert (report["worn"]["tried"], report["worn"]["with_a_failure"]) == (3, 0)
    checks = files["verification.csv"].decode("utf-8-sig").splitlines()
    assert checks[0] == "短码,地址编码,文件,应为,读出,抽检,抽检未读项"
    assert [check.split(",")[4] for check in checks[1:]] == [line["payload"] for line in lines]
    heading = files["manifest.csv"].decode("utf-8-sig").splitlines()[0]
    assert heading.startswith("序号,地址编码,地址,样式,宽(毫米),高(毫米),短码,二维码内容,")
    assert {line["design"] for line in lines} == {"中门牌"}
    assert files["proof.pdf"].startswith(b"%PDF")
    assert files["manifest.xlsx"].startswith(b"PK")
    with street.reading() as session:
        run = runs.get_run(session, batch.run_id or 0)
    assert (run.state, run.share, run.result["plates"]) == ("done", 1.0, 10)


def test_plates_are_imposed_on_the_makers_sheet_and_files_end_with_full_sheets(
    street: Database, home: Path, start: Start
) -> None:
    make = PrintOptions(width=700, height=500, gap=10, marks=True, per_file=5)
    batch = start(make=make)
    work_off(street, batch)
    lines = read_manifest(open_zip(home, batch))
    assert [(line["page"], line["spot"]) for line in lines[:4]] == [
        ("1", "1"), ("1", "2"), ("1", "3"), ("1", "4")
    ]  # fmt: skip
    assert [line["file"] for line in lines].count("medium-0001.pdf") == 4


def test_an_interrupted_batch_has_the_files_of_an_undisturbed_one(
    street: Database, home: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = start()
    work = BatchHandler.work
    broken = iter(range(1000))

    def stumble(*arguments: object) -> dict[str, object]:
        done = work(*arguments)  # type: ignore[arg-type]
        if next(broken) % 2:
            raise ConnectionResetError("the worker lost its connection before the commit")
        return done

    monkeypatch.setattr(BatchHandler, "work", stumble)
    work_off(street, batch, times=12)
    assert read_batch(street, batch).status == "ready"
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
    assert read_states(street, batch) == {"to_make": 10}


def test_two_workers_share_a_batch_and_make_no_plate_twice(
    street: Database, home: Path, start: Start
) -> None:
    batch = start(make=PrintOptions(per_file=1))
    workers = [threading.Thread(target=work_off, args=(street, batch, 2)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert read_batch(street, batch).status == "ready"
    lines = read_manifest(open_zip(home, batch))
    assert len({line["code"] for line in lines}) == len({line["token"] for line in lines}) == 10
    assert read_states(street, batch) == {"to_make": 10}


def test_a_reprint_is_the_next_generation_and_the_old_plate_leads_on(
    street: Database, home: Path, start: Start
) -> None:
    first = start()
    work_off(street, first)
    order = Selection(division="330102", reprint=True)
    second = start(choice=order, reprint_reason="褪色")
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
    assert all(line["replaces"] for line in read_manifest(open_zip(home, second)))


def first_code(street: Database) -> str:
    with street.reading() as session:
        return str(session.scalar(text("select min(code) from address")))


def number_heights(pdf: bytes) -> set[float]:
    """The heights of type that numbers are set in, in mm: digits higher than those of the code."""
    heights = set()
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for place, character in enumerate(text.get_text_range()):
            _, low, _, high = text.get_charbox(place, loose=True)
            if character.isdigit() and (high - low) / 72 * 25.4 > 20:
                heights.add(round((high - low) / 72 * 25.4, 1))
    return heights


def test_the_numbers_of_a_batch_are_even_over_all_of_its_files(
    street: Database, home: Path, start: Start
) -> None:
    before = start(choice=Selection(division="330102", codes=(first_code(street),)))
    work_off(street, before)
    with street.session() as session:
        place = Place({"330102001000": get_division(session, "330102001000").id})
        wide = BASE._replace(number=Numbered("123", "号", suffix="之一"))
        enter_addresses(session, [make_draft(place, elements=wide)], COMMAND_LINE)
    batch = start()
    work_off(street, batch)
    files = open_zip(home, batch)
    pressed = [data for name, data in files.items() if name.startswith("medium-")]
    assert len(pressed) == 3
    (even,) = set.union(*map(number_heights, pressed))
    (usual,) = number_heights(open_zip(home, before)["medium-0001.pdf"])
    assert even < usual
