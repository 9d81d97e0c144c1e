"""Kills, and a register of a million plates."""

import hashlib
import json
import random
import signal
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands import batches
from service.batches.queries.batches import get_batch, list_batches, list_items
from service.batches.request import PrintOptions, Selection
from service.core.database import Database
from service.core.settings import get_settings
from service.runs.queries import get_run
from tests.command_line import start_worker
from tests.database import TestDatabase
from tests.factories.batches import make_batch_request, make_member, start_batch, work_off
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX

PLATES = 20_000
KILLS = 20
MILLION = 1_000_000

_DOORS = text(
    "insert into address (code, county, division_id, standard_text, elements, street, "
    "number_order, street_order, level) select lpad(n::text, 16, '0'), '330102', :division, "
    "'浙江省杭州市上城区清波街道' || street || number || '号', jsonb_build_object("
    "'province', '浙江省', 'city', '杭州市', 'county', '上城区', 'township', '清波街道', "
    "'thoroughfare', street, 'number', jsonb_build_object('number', number::text, "
    "'quantifier', '号')), street, number * 1000, "
    "convert_to('330102001' || street || lpad(number::text, 5, '0'), 'UTF8'), 'number' "
    "from (select n, "
    "'第' || (n / 2000) || '街' as street, n % 2000 + 1 as number "
    "from generate_series(0, :count - 1) n) d"
)


@pytest.fixture
def database(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("MENPAI_HOME", str(tmp_path))
    get_settings.cache_clear()
    made = Database(fresh_database.app_url)
    yield made
    made.dispose()


def make_doors(session: Session, count: int) -> StaffMember:
    place = make_place(session)
    session.execute(_DOORS, {"division": place.township_id, "count": count})
    return make_member(session, "officer", Role.OFFICER)


def progress(database: Database, run_id: int) -> tuple[str, int]:
    with database.reading() as session:
        run = get_run(session, run_id)
    return run.state, run.done


def digests(home: Path, batch_id: int) -> dict[str, str]:
    with zipfile.ZipFile(home / f"files/batches/{batch_id}/batch-{batch_id}.zip") as archive:
        return {n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist()}


@pytest.mark.drill
def test_workers_killed_at_random_leave_every_plate_once_and_the_files_of_an_undisturbed_run(
    database: Database, tmp_path: Path
) -> None:
    with database.session() as session:
        officer = make_doors(session, PLATES)
    with database.session() as session:
        batch = start_batch(session, make_batch_request(make=PrintOptions(per_file=250)), officer)
    run_id = batch.run_id or 0
    draw, resumed, before = random.Random(7), [], 0
    for _ in range(KILLS):
        worker = start_worker(database.url, tmp_path)
        started = time.monotonic()
        while progress(database, run_id)[1] == before and progress(database, run_id)[0] != "done":
            time.sleep(0.05)
        resumed.append(time.monotonic() - started)
        time.sleep(draw.uniform(0, 1))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        state, done = progress(database, run_id)
        assert done >= before
        before = done
        if state == "done":
            break
    last = start_worker(database.url, tmp_path)
    while progress(database, run_id)[0] != "done":
        assert progress(database, run_id)[0] in ("running", "queued")
        time.sleep(0.2)
    last.kill()
    last.wait()
    assert len(resumed) >= KILLS // 2
    disturbed = digests(tmp_path, batch.id)
    with database.session() as session:
        counts = session.execute(
            text("select count(*), count(distinct code), count(distinct token) from plate")
        ).one()
        assert tuple(counts) == (PLATES, PLATES, PLATES)
        session.execute(
            text("update run_chunk set state = 'queued' where run_id = :r and phase > 2"),
            {"r": run_id},
        )
        session.execute(text("update run set state = 'queued' where id = :r"), {"r": run_id})
        session.execute(text("update plate_batch set status = 'running'"))
    for file in (tmp_path / "files/batches" / str(batch.id)).iterdir():
        file.unlink()
    work_off(database, batch, times=40)
    assert digests(tmp_path, batch.id) == disturbed
    told = {"kills": len(resumed), "resumed_within_s": round(max(resumed), 1)}
    sys.stderr.write(json.dumps(told) + "\n")
    assert max(resumed) < 30


@pytest.mark.drill
def test_choosing_and_lists_are_fast_and_flat_over_a_million_plates(
    database: Database, fresh_database: TestDatabase
) -> None:
    with database.session() as session:
        officer = make_doors(session, MILLION)
        session.execute(
            text(
                "insert into plate_batch (name, design, payload_prefix, division, plates) "
                "select 'old ' || n, 'medium', :prefix, '330102', 1000 "
                "from generate_series(1, 1000) n"
            ),
            {"prefix": PREFIX},
        )
        session.execute(
            text(
                "insert into plate (token, code, batch_id) select lpad(n::text, 10, '0'), code, "
                "(select min(id) from plate_batch) + n / 1000 from (select code, "
                "row_number() over () - 1 as n from address where number_order > 100000) a"
            )
        )
        session.execute(
            text(
                "insert into plate_batch_item (batch_id, place, code, token) "
                "select batch_id, row_number() over (partition by batch_id order by token), "
                "code, token from plate"
            )
        )

    owner = Database(fresh_database.owner_url)
    with owner.session() as session:  # what autovacuum does within a minute of such a load
        session.execute(text("analyze"))
    owner.dispose()

    def timed(question: Callable[[Session], object]) -> float:
        taken = []
        for _ in range(5):
            started = time.perf_counter()
            with database.reading() as session:
                question(session)
            taken.append((time.perf_counter() - started) * 1000)
        return statistics.median(taken)

    newest = timed(lambda s: list_batches(s, scopes=("330102",)))
    oldest = timed(lambda s: list_batches(s, scopes=("330102",), before=60))
    first = timed(lambda s: list_items(s, 500, limit=200))
    deep = timed(lambda s: list_items(s, 500, after=790, limit=200))
    started = time.perf_counter()
    order = make_batch_request(choice=Selection(division="330102", street="第250街"))
    with database.session() as session:
        batch = batches.choose_batch(session, order, officer).batch
    choosing = (time.perf_counter() - started) * 1000
    told = {
        "choose_ms": round(choosing), "newest_ms": round(newest, 1), "oldest_ms": round(oldest, 1),
        "first_items_ms": round(first, 1), "deep_items_ms": round(deep, 1),
    }  # fmt: skip
    sys.stderr.write(json.dumps(told) + "\n")
    with database.reading() as session:
        assert get_batch(session, batch.id).plates == 100
    assert max(choosing, newest, first) <= 200
    assert oldest <= 3 * newest + 5
    assert deep <= 3 * first + 5
