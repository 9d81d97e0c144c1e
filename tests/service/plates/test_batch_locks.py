"""Officers and workers take a batch before its run: neither waits for the other in a ring."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from service.auth.members import StaffMember
from service.core.database import Database
from service.plates.commands import batches
from service.plates.queries.batches import BatchRow
from service.runs.commands import chunks
from tests.factories.batches import read_batch, read_states, work_off

WAITING = text(
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and wait_event_type = 'Lock'"
)
Start = Callable[..., BatchRow]


def wait_for_a_waiter(database: Database) -> None:
    """Until another transaction waits for a lock."""
    while True:
        with database.reading() as session:
            if session.scalar(WAITING):
                return
        time.sleep(0.01)


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
            batches.hold_batch(session, batch.id)
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
