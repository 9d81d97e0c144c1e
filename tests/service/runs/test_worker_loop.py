import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Conflict
from service.runs import queries, worker_loop
from service.runs.commands import (
    ChunkOrder,
    cancel_run,
    chunks,
    pause_run,
    resume_run,
    start_run,
)
from service.runs.queries import RunRow
from tests.database import migrated_database
from tests.factories.runs import KIND, TestHandler, register_test_runs


@pytest.fixture(scope="module")
def runs_database() -> Iterator[Database]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield database
        database.dispose()


@pytest.fixture
def handler() -> TestHandler:
    return register_test_runs()


def start(database: Database, *wishes: str, **parameters: object) -> int:
    orders = [ChunkOrder(parameters={"do": wish, **parameters}) for wish in wishes]
    with database.session() as session:
        return start_run(session, KIND, orders, COMMAND_LINE)


def read(database: Database, run_id: int) -> RunRow:
    with database.reading() as session:
        return queries.get_run(session, run_id)


def lines(database: Database, run_id: int) -> list[int]:
    with database.reading() as session:
        statement = text('select row from row_error where run_id = :r order by "row"')
        return list(session.scalars(statement, {"r": run_id}))


def jobs_of(database: Database, run_id: int) -> int:
    with database.reading() as session:
        statement = text("select count(*) from procrastinate_jobs where queueing_lock = :k")
        return int(session.execute(statement, {"k": f"run-{run_id}"}).scalar_one())


def test_a_run_does_every_chunk_once_and_ends(
    runs_database: Database, handler: TestHandler
) -> None:
    run_id = start(runs_database, "", "", "")
    assert read(runs_database, run_id).state == "queued"
    worker_loop.run_chunks(runs_database, run_id)
    run = read(runs_database, run_id)
    assert (run.state, run.done, run.total, run.share) == ("done", 3, 3, 1.0)
    assert run.result == {"chunks": 3}
    assert lines(runs_database, run_id) == [1, 2, 3]
    assert handler.told == ["finish"]


def test_the_job_is_queued_with_the_callers_transaction_and_once(runs_database: Database) -> None:
    register_test_runs()
    with runs_database.session() as session:
        lost = start_run(session, KIND, [ChunkOrder()], COMMAND_LINE)
        assert jobs_of(runs_database, lost) == 0
        session.rollback()
    assert jobs_of(runs_database, lost) == 0
    run_id = start(runs_database, "")
    worker_loop.requeue_unfinished(runs_database)
    assert jobs_of(runs_database, run_id) == 1


def test_a_phase_begins_when_the_one_before_is_done(
    runs_database: Database, handler: TestHandler
) -> None:
    orders = [ChunkOrder(phase=2), ChunkOrder(phase=1), ChunkOrder(phase=1)]
    with runs_database.session() as session:
        run_id = start_run(session, KIND, orders, COMMAND_LINE)
    with runs_database.session() as one, runs_database.session() as other:
        first, second = chunks.claim_chunk(one, run_id), chunks.claim_chunk(other, run_id)
        assert first is not None
        assert second is not None
        assert {first.number, second.number} == {2, 3}
        with runs_database.session() as third:
            assert chunks.claim_chunk(third, run_id) is None
    worker_loop.run_chunks(runs_database, run_id)
    assert read(runs_database, run_id).state == "done"


def test_two_workers_share_a_run_and_no_chunk_is_done_twice(
    runs_database: Database, handler: TestHandler
) -> None:
    run_id = start(runs_database, *[""] * 12, sleep=0.02)
    workers = [
        threading.Thread(target=worker_loop.run_chunks, args=(runs_database, run_id))
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert lines(runs_database, run_id) == list(range(1, 13))
    assert read(runs_database, run_id).state == "done"
    assert handler.told == ["finish"]


def test_a_blocked_run_says_why_keeps_nothing_of_the_chunk_and_can_be_resumed(
    runs_database: Database, handler: TestHandler
) -> None:
    run_id = start(runs_database, "", "block", "")
    worker_loop.run_chunks(runs_database, run_id)
    run = read(runs_database, run_id)
    assert (run.state, run.reason) == ("failed", "plate 7 is bad. clean it")
    assert lines(runs_database, run_id) == [1]
    handler.broken = False
    with runs_database.session() as session:
        resume_run(session, run_id, COMMAND_LINE)
    worker_loop.run_chunks(runs_database, run_id)
    assert read(runs_database, run_id).state == "done"
    assert lines(runs_database, run_id) == [1, 2, 3]
    assert handler.told == ["fail: plate 7 is bad. clean it", "resume", "finish"]


def test_a_run_of_a_kind_that_this_version_does_not_know_says_so(runs_database: Database) -> None:
    with runs_database.session() as session:
        run_id = start_run(session, "of tomorrow", [ChunkOrder()], COMMAND_LINE)
    worker_loop.run_chunks(runs_database, run_id)
    run = read(runs_database, run_id)
    assert run.state == "failed"
    assert "does not know runs of the kind 'of tomorrow'" in run.reason
    assert "bring all workers to the version" in run.reason


def test_an_error_is_tried_again_and_fails_the_run_at_the_third_time(
    runs_database: Database, handler: TestHandler
) -> None:
    run_id = start(runs_database, "err")
    for tries in (1, 2):
        worker_loop.run_chunks(runs_database, run_id)
        assert read(runs_database, run_id).state == "running"
        with runs_database.reading() as session:
            errors = [attempt.error for attempt in queries.list_attempts(session, run_id)]
        assert len(errors) == tries
        assert all(
            error and error.startswith("磁盘已满：") and "resume" in error for error in errors
        )
    worker_loop.run_chunks(runs_database, run_id)
    assert "No space left" in read(runs_database, run_id).reason
    assert lines(runs_database, run_id) == []


def test_a_chunk_that_kills_its_workers_fails_its_run(
    runs_database: Database, handler: TestHandler
) -> None:
    run_id = start(runs_database, "")
    with runs_database.session() as session:
        chunk = chunks.claim_chunk(session, run_id)
        assert chunk is not None
        for _ in range(chunks.MAX_DEATHS):
            chunks.begin_attempt(session, chunk)
    worker_loop.run_chunks(runs_database, run_id)
    run = read(runs_database, run_id)
    assert run.state == "failed"
    assert "10 workers died over part 1" in run.reason


def test_a_paused_run_lets_no_chunk_begin(runs_database: Database, handler: TestHandler) -> None:
    run_id = start(runs_database, "")
    with runs_database.session() as session:
        pause_run(session, run_id, COMMAND_LINE)
    worker_loop.run_chunks(runs_database, run_id)
    assert (read(runs_database, run_id).state, lines(runs_database, run_id)) == ("paused", [])
    with runs_database.session() as session, pytest.raises(Conflict, match="is paused"):
        pause_run(session, run_id, COMMAND_LINE)


def test_a_chunk_under_way_when_the_run_is_cancelled_leaves_nothing(
    runs_database: Database, handler: TestHandler
) -> None:
    run_id = start(runs_database, "", sleep=0.5)
    worker = threading.Thread(target=worker_loop.run_chunks, args=(runs_database, run_id))
    worker.start()
    while read(runs_database, run_id).state != "running":
        pass
    with runs_database.session() as session:
        cancel_run(session, run_id, COMMAND_LINE)
    worker.join()
    run = read(runs_database, run_id)
    assert (run.state, run.done, lines(runs_database, run_id)) == ("cancelled", 0, [])
    with runs_database.session() as session, pytest.raises(Conflict, match="is cancelled"):
        resume_run(session, run_id, COMMAND_LINE)
