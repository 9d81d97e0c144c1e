"""A worker that is killed half way through a renaming."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from service.addresses.queries import find_addresses
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.naming.commands import rename_place
from service.naming.commands.place_rename import RENAMED_AT_ONCE
from service.runs.queries import get_run
from tests.command_line import ROOT
from tests.database import migrated_database
from tests.factories import make_plates
from tests.service.naming.renamings import FRONT, NEW, NOTICE, OLD, answer, number_of, scalars


def wait_for(question: Callable[[], bool], seconds: float = 120) -> None:
    started = time.monotonic()
    while not question():
        assert time.monotonic() - started < seconds
        time.sleep(0.02)


DOORS = 3000
STATES = ("in_use", "making", "to_make")


@pytest.fixture(scope="module")
def long_street() -> Iterator[Database]:
    """河坊街 with 3,000 doors and a plate at each: hung, being made, or not made yet."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, DOORS)
            for at, state in enumerate(STATES):
                session.execute(
                    text("update plate set status = :s where token = any(:t)"),
                    {"s": state, "t": tokens[at :: len(STATES)]},
                )
        yield database
        database.dispose()


def test_a_street_of_3000_doors_killed_half_way_is_renamed_once(long_street: Database) -> None:
    database = long_street
    with database.session() as session:
        (first,) = session.execute(text("select min(code) from address")).scalars()
        number = number_of(session, first)
        rows = session.execute(text("select code from address order by code")).scalars().all()
        before = find_addresses(session, rows)
        keys = session.execute(text("select code, key from address_name")).all()
        start = session.execute(text("select max(position) from change")).scalar_one()
        done = rename_place(session, number, NEW, NOTICE, ME)
    command = [sys.executable, "-m", "service", "worker"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "MENPAI_DATABASE_URL": database.url,
    }

    def progress() -> tuple[str, int]:
        with database.reading() as session:
            run = get_run(session, done.run_id)
        return run.state, run.done

    for last in (False, True):
        worker = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            if last:
                wait_for(lambda: progress()[0] == "done")
            else:
                wait_for(lambda: progress()[1] >= DOORS // 3)
                worker.send_signal(signal.SIGKILL)
                worker.wait()
                assert RENAMED_AT_ONCE <= progress()[1] < DOORS
        finally:
            worker.kill()
            worker.wait()

    with database.reading() as session:
        run = get_run(session, done.run_id)
        after = find_addresses(session, rows)
        names = session.execute(text("select code, key, kind, text from address_name")).all()
        changes = session.execute(
            text("select key from change where subject = 'address' and position > :p"), {"p": start}
        ).scalars()
        assert Counter(changes) == Counter(rows)  # one change an address
        work = session.execute(
            text(
                "select p.status, w.kind, w.cause, count(*) from plate p join work_item w "
                "on w.key = p.token where w.state = 'open' group by 1, 2, 3 order by 1"
            )
        ).all()
        printed = session.execute(
            text("select status, count(printed_text) from plate group by 1")
        ).all()
    assert run.result == {
        "addresses": DOORS,
        "frozen": [],
        "conflicts": [],
        "plates": DOORS // 3 * 2,
    }
    for code in rows:
        assert after[code].standard_text == before[code].standard_text.replace(OLD, NEW)
        assert after[code].elements.thoroughfare == NEW
        assert after[code].place_id == before[code].place_id
    kinds = {
        (name.code, name.key, name.kind, name.text == before[name.code].standard_text)
        for name in names
    }
    assert len(names) == len(kinds) == DOORS * 2
    assert kinds == {
        (code, key, kind, kind == "former")
        for code, key in map(tuple, keys)
        for kind in ("standard", "former")
    }
    third = DOORS // 3
    assert [tuple(row) for row in work] == [
        ("in_use", "replace", "other_text", third),
        ("making", "replace", "other_text", third),
    ]
    assert dict(map(tuple, printed)) == {"in_use": third, "making": third, "to_make": 0}
    for number in ("1", "1500", "3000"):
        old, new = f"{FRONT}{OLD}{number}号", f"{FRONT}{NEW}{number}号"
        assert answer(database, old)[1] == answer(database, new)[1] != ""
        assert answer(database, new)[0] == "A"
    codes = scalars(database, "select subject from audit_entry where action = 'addresses:follow'")
    assert len(codes) == DOORS // RENAMED_AT_ONCE
