"""Officers and workers take a batch before its run: neither waits for the other in a ring."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from service.auth.members import StaffMember
from service.batches import documents, tasks
from service.batches.commands import batches
from service.batches.commands.states import hold_batch
from service.batches.queries.batches import BatchRow
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from service.runs import worker_loop
from service.runs.commands import cancel_run, chunks
from tests.factories.batches import read_batch, read_states, work_off
from tests.interleaving import Step, interleave_everywhere, wait_for_a_waiter

Start = Callable[..., BatchRow]
WRITERS = {
    "render_file": (tasks, "render_file"),
    "write_papers": (documents, "write_proof"),
    "write_package": (documents, "write_package"),
}
"""What writes the files of each phase."""


@pytest.mark.parametrize("step", ["fail", "finish"])
def test_a_batch_is_cancelled_while_a_worker_ends_its_run(
    street: Database, officer: StaffMember, start: Start, step: str
) -> None:
    batch = start()
    run_id = batch.run_id or 0

    def end_the_run() -> None:
        with street.session() as session:
            if step == "fail":
                chunks.fail_run(session, run_id, "a plate is bad")
            else:
                chunks.finish_run(session, run_id)

    with ThreadPoolExecutor(1) as worker:
        with street.session() as session:
            hold_batch(session, batch.id)
            ended = worker.submit(end_the_run)
            wait_for_a_waiter(street)
            assert batches.cancel_batch(session, batch.id, officer).status == "cancelled"
        ended.result()
    assert read_batch(street, batch).status == "cancelled"


def test_files_stay_when_the_cancelling_is_rolled_back(
    street: Database, officer: StaffMember, start: Start, home: Path
) -> None:
    batch = start()
    with street.session() as session:
        # the papers cannot be made: the sheets lie there, the batch is not ready
        session.execute(
            text("update run_chunk set state = 'held' where run_id = :r and phase > 3"),
            {"r": batch.run_id},
        )
    work_off(street, batch)
    files = sorted((home / "files" / "batches" / str(batch.id)).glob("*.pdf"))
    assert files

    def cancel_and_break() -> None:
        with street.session() as session:
            batches.cancel_batch(session, batch.id, officer)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cancel_and_break()
    assert sorted(files[0].parent.glob("*.pdf")) == files
    with street.session() as session:
        batches.cancel_batch(session, batch.id, officer)
    assert list(files[0].parent.glob("*.pdf")) == []
    assert read_states(street, batch) == {"void": 10}


@pytest.mark.parametrize("phase", WRITERS)
def test_a_part_in_hand_leaves_no_file_of_a_batch_that_is_cancelled(
    street: Database,
    officer: StaffMember,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    phase: str,
) -> None:
    batch = start()
    begun, go_on = threading.Event(), threading.Event()
    owner, name = WRITERS[phase]
    write = getattr(owner, name)

    def late(*values: object, **more: object) -> object:
        begun.set()
        go_on.wait(20)
        return write(*values, **more)

    monkeypatch.setattr(owner, name, late)
    with ThreadPoolExecutor(1) as worker:
        working = worker.submit(work_off, street, batch)
        assert begun.wait(60)
        with street.session() as session:
            batches.cancel_batch(session, batch.id, officer)
        go_on.set()
        working.result()
    assert list((get_settings().home / "files" / "batches").rglob("*.*")) == []
    assert set(read_states(street, batch)) == {"void"}


def test_an_operator_cancels_a_run_while_an_officer_cancels_its_batch(
    street: Database, officer: StaffMember, start: Start
) -> None:
    def make() -> tuple[Step, Step]:
        with street.session() as session:
            session.execute(text("update plate_batch set status = 'cancelled'"))
            session.execute(text("update plate set status = 'void'"))
        batch = start()
        stops = iter([False, True])
        worker_loop.run_chunks(street, batch.run_id or 0, should_stop=lambda: next(stops))
        return (
            lambda session: batches.cancel_batch(session, batch.id, officer),
            lambda session: cancel_run(session, batch.run_id or 0, COMMAND_LINE),
        )

    for outcomes in interleave_everywhere(street, make):
        assert sum(outcome.refused is None for outcome in outcomes) == 1
        with street.reading() as session:
            living = text("select count(*) from plate where status <> 'void'")
            assert session.scalar(living) == 0
