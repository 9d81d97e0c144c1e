"""Trial plates (试印): they never count as real ones, and end when a real one is issued."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import PlateEventKind
from address_model.lifecycle import PlateStatus
from qr.proof import read_pdf
from service.auth.members import StaffMember
from service.batches.commands import batches
from service.batches.queries.batches import BatchRow
from service.batches.request import Selection
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Conflict
from service.core.settings import Settings
from service.plates.commands import (
    ReplacementRequest,
    bind_blank_plate,
    issue_blank_plates,
    move_trial_batches,
    open_batch,
    replace_plate,
)
from service.plates.commands.visits import record_visit
from service.plates.payload_host import payload_host_of
from service.plates.queries import (
    get_plate,
)
from service.worklists.commands import open_inspections
from service.worklists.drafts import InspectionPlan
from service.worklists.queries import list_items_of
from tests.factories.batches import (
    make_batch_request,
    open_zip,
    read_batch,
    read_manifest,
    work_off,
)
from tests.factories.hosts import PREFIX, PUBLIC_URL
from tests.factories.plates import make_visit
from tests.factories.trials import LAN, LAN_PREFIX, choose, issue


def test_a_demo_is_a_trial_and_so_is_what_is_asked_for_one() -> None:
    assert payload_host_of(Settings(env="demo", public_url=PUBLIC_URL)).is_trial
    assert payload_host_of(Settings(env="demo", public_url=LAN)).prefix == LAN_PREFIX
    assert payload_host_of(Settings(public_url=LAN), for_trial=True).is_trial
    assert payload_host_of(Settings(public_url=PUBLIC_URL), for_trial=True).is_trial
    assert not payload_host_of(Settings(public_url=PUBLIC_URL)).is_trial


def test_a_batch_for_trial_leaves_real_plates_alone(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    issue(session, codes[:2], trial=True)
    issue(session, codes[2:3], trial=False)
    batch = choose(session, clerk, payload_prefix=LAN_PREFIX, is_trial=True)
    assert (batch.plates, batch.is_trial) == (1, True)
    again = {"choice": Selection(division="330102", reprint=True), "reprint_reason": "再试"}
    batches.cancel_batch(session, batch.id, clerk)
    batch = choose(session, clerk, payload_prefix=LAN_PREFIX, is_trial=True, **again)
    assert batch.plates == 2
    batches.cancel_batch(session, batch.id, clerk)
    assert choose(session, clerk, **again).plates == 1


def test_why_a_code_is_not_chosen_is_told_by_the_same_rule(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    issue(session, codes[:1], trial=True)
    issue(session, codes[1:2], trial=False)
    choice = Selection(codes=tuple(codes))
    real = batches.choose_batch(session, make_batch_request(choice=choice), clerk)
    assert [code for code, _ in real.refused] == [codes[1]]
    batches.cancel_batch(session, real.batch.id, clerk)
    order = make_batch_request(choice=choice, payload_prefix=LAN_PREFIX, is_trial=True)
    trial = batches.choose_batch(session, order, clerk)
    assert {code for code, _ in trial.refused} == set(codes[:2])
    assert {reason for _, reason in trial.refused} == {
        "it has a plate already; another one is a reprint and needs a reason"
    }


def test_trials_count_for_themselves(session: Session, codes: list[str]) -> None:
    (first,) = issue(session, codes[:1], trial=True)
    (second,) = issue(session, codes[:1], trial=True)
    (real,) = issue(session, codes[:1], trial=False)
    (next_real,) = issue(session, codes[:1], trial=False)
    found = [get_plate(session, token) for token in (first, second, real, next_real)]
    assert [plate.generation for plate in found] == [-1, -2, 1, 2]
    assert [plate.is_trial for plate in found] == [True, True, False, False]


@pytest.mark.parametrize("status", [s for s in PlateStatus if s not in ("replaced", "void")])
def test_a_real_plate_ends_the_trial_plate_with_its_work(
    session: Session, codes: list[str], status: PlateStatus
) -> None:
    (trial,) = issue(session, codes[:1], trial=True, status=status)
    (other,) = issue(session, codes[1:2], trial=True)
    if status is PlateStatus.IN_USE:
        record_visit(session, trial, PlateEventKind("broken"), make_visit(), COMMAND_LINE)
        assert list_items_of(session, trial, state="open")
    issue(session, codes[:1], trial=False, status="to_make")
    ended = get_plate(session, trial)
    assert (ended.status, ended.status_reason) == ("void", "试印结束")
    assert not list_items_of(session, trial, state="open")
    assert get_plate(session, other).status == "in_use"


def test_a_trial_never_ends_a_real_plate(session: Session, codes: list[str]) -> None:
    (real,) = issue(session, codes[:1], trial=False)
    issue(session, codes[:1], trial=True)
    assert get_plate(session, real).status == "in_use"
    order = ReplacementRequest("褪色", LAN_PREFIX, is_trial=True)
    with pytest.raises(Conflict, match="试印牌不能代替"):
        replace_plate(session, real, order, make_visit(), COMMAND_LINE)


def test_a_trial_plate_is_replaced_for_trial_only(session: Session, codes: list[str]) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    real = ReplacementRequest("褪色", PREFIX, approval_above=100)
    with pytest.raises(Conflict, match="试印牌，不补换"):
        replace_plate(session, trial, real, make_visit(), COMMAND_LINE)
    order = ReplacementRequest("褪色", LAN_PREFIX, is_trial=True)
    event = replace_plate(session, trial, order, make_visit(), COMMAND_LINE)
    assert get_plate(session, event.successor or "").generation == -2


def blank(session: Session, *, trial: bool) -> str:
    batch = open_batch(
        session,
        name="空白牌",
        design="medium",
        payload_prefix=LAN_PREFIX if trial else PREFIX,
        actor=COMMAND_LINE,
        is_trial=trial,
    )
    return issue_blank_plates(session, batch, "330102", 1, COMMAND_LINE)[0]


def test_a_real_blank_ends_a_trial_in_use_and_never_the_other_way(
    session: Session, codes: list[str]
) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    real = blank(session, trial=False)
    bind_blank_plate(session, real, codes[0], make_visit(), COMMAND_LINE)
    assert get_plate(session, real).generation == 1
    assert get_plate(session, trial).status == "replaced"
    with pytest.raises(Conflict, match="有正式门牌"):
        bind_blank_plate(session, blank(session, trial=True), codes[0], make_visit(), COMMAND_LINE)
    tried = blank(session, trial=True)
    bind_blank_plate(session, tried, codes[1], make_visit(), COMMAND_LINE)
    assert get_plate(session, tried).generation == -1


def test_trials_are_inspected_in_a_demo_only(session: Session, codes: list[str]) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    (real,) = issue(session, codes[1:2], trial=False)
    plan = InspectionPlan(2026, "330102", date(2026, 12, 31))
    assert open_inspections(session, plan, COMMAND_LINE)[0] == 1
    assert list_items_of(session, real)
    session.execute(text("update address set is_sample = true"))
    assert open_inspections(session, plan, COMMAND_LINE)[0] == 1
    assert list_items_of(session, trial)


def test_a_demo_that_moved_takes_its_issued_trials_along_and_nothing_else(
    session: Session, codes: list[str], clerk: StaffMember
) -> None:
    (trial,) = issue(session, codes[:1], trial=True)
    (real,) = issue(session, codes[1:2], trial=False)
    listed = choose(session, clerk, payload_prefix=LAN_PREFIX, is_trial=True)
    assert move_trial_batches(session, "http://10.0.0.7:8000/", COMMAND_LINE) == 1
    assert get_plate(session, trial).payload == f"http://10.0.0.7:8000/{trial}"
    assert get_plate(session, real).payload_prefix == PREFIX
    row = session.execute(
        text("select payload_prefix from plate_batch where id = :b"), {"b": listed.id}
    ).scalar_one()
    assert row == LAN_PREFIX


def test_a_batch_for_trial_is_made_and_says_so_on_its_proof_sheet(
    street: Database, home: Path, start: Callable[..., BatchRow]
) -> None:
    batch = start(payload_prefix=LAN_PREFIX, is_trial=True)
    work_off(street, batch)
    made = read_batch(street, batch)
    assert (made.status, made.reason) == ("ready", "")
    files = open_zip(home, made)
    plates = [data for name, data in files.items() if name.startswith("medium")]
    assert all(one.startswith(LAN_PREFIX) for data in plates for one in read_pdf(data))
    assert {line["generation"] for line in read_manifest(files)} == {"试印"}
    sheet = _text_of(files["proof.pdf"], home)
    assert "试印" in sheet
    assert "扫码后打开：" in sheet
    assert f"{LAN}/…" in sheet


def _text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True
    )
    return said.stdout
