import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands import enter_addresses
from service.changes.commands import Action, ChangeNote, Subject, record
from service.changes.queries import get_last_position, list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import Database, finish
from tests.database import TestDatabase
from tests.factories.addresses import make_draft
from tests.factories.divisions import make_place

WRITERS = 8
EACH = 60


def note(subject: Subject, key: str) -> ChangeNote:
    return ChangeNote(subject, key, Action.CHANGED, "")


def write(database: Database, writer: int) -> None:
    """Change one shared row again and again, and say so in the feed."""
    for number in range(EACH):
        with database.session() as session:
            step = session.execute(
                text(
                    "update code_space set counter = counter + 1 where county = :c "
                    "returning counter"
                ),
                {"c": f"{number % 3:06d}"},
            ).scalar_one()
            record(session, [note(Subject.PLATE, f"{number % 3} {step}")])
            if number % 7 == writer % 7:
                record(session, [note(Subject.AREA, f"{writer}-{number}")])


def poll(database: Database, stop: threading.Event) -> list[int]:
    """Read on from the last position seen, as a department would."""
    seen: list[int] = []
    while True:
        done = stop.is_set()
        with database.reading() as session:
            rows = list_changes(session, after=seen[-1] if seen else 0, limit=50)
        seen += [row.position for row in rows]
        if done and not rows:
            return seen
        time.sleep(0.002)


def test_eight_writers_make_a_feed_without_gaps_in_commit_order(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url, pool_size=12)
    with database.session() as session:
        for county in range(3):
            statement = text("insert into code_space (county, key) values (:c, '')")
            session.execute(statement, {"c": f"{county:06d}"})
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        readers = [pool.submit(poll, database, stop) for _ in range(2)]
        writers = [pool.submit(write, database, number) for number in range(WRITERS)]
        for writer in writers:
            writer.result()
        stop.set()
        seen = [reader.result() for reader in readers]
    with database.reading() as session:
        rows = list_changes(session, after=0, limit=10**6)
        last = get_last_position(session)
    database.dispose()
    assert [row.position for row in rows] == list(range(1, last + 1))
    assert seen == [list(range(1, last + 1))] * 2
    for key in ("0", "1", "2"):
        keys = [row.key.split() for row in rows if row.subject == Subject.PLATE]
        steps = [int(step) for shared, step in keys if shared == key]
        assert steps == sorted(steps)
        assert len(steps) == WRITERS * len(range(int(key), EACH, 3))


def test_a_rolled_back_change_leaves_no_gap(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    for broken in (False, True, False):
        with suppress(ZeroDivisionError), database.session() as session:
            record(session, [note(Subject.PLATE, "1")])
            finish(session)
            1 / (0 if broken else 1)
    with database.reading() as session:
        positions = [row.position for row in list_changes(session, after=0)]
    database.dispose()
    assert positions == [1, 2]


def test_a_listener_is_told_the_last_position(session: Session) -> None:
    record(session, [note(Subject.PLATE, str(number)) for number in range(3)])
    before = get_last_position(session)
    finish(session)
    assert get_last_position(session) == before + 3


@pytest.mark.parametrize("given", ["", "330102000000", "330106001000"])
def test_a_change_is_told_where_its_record_lies_whatever_its_writer_says(
    session: Session, given: str
) -> None:
    place = make_place(session)
    (code,) = (str(one) for one in enter_addresses(session, [make_draft(place)], COMMAND_LINE))
    finish(session)
    before = get_last_position(session)
    session.execute(text("update address set point_note = 'x' where code = :c"), {"c": code})
    gone = ChangeNote(Subject.DUTY, "999999", Action.WITHDRAWN, "330106001000")
    record(session, [ChangeNote(Subject.ADDRESS, code, Action.CHANGED, given), gone])
    finish(session)
    told = [(row.key, row.division) for row in list_changes(session, after=before)]
    assert told == [(code, "330102001000"), ("999999", "330106001000")]


def test_a_word_that_readers_do_not_know_is_never_written(session: Session) -> None:
    before = get_last_position(session)
    for wrong in (
        ChangeNote("door", "1", Action.NEW, ""),  # type: ignore[arg-type]
        ChangeNote(Subject.PLATE, "1", "painted", ""),  # type: ignore[arg-type]
    ):
        record(session, [wrong])
        with pytest.raises(ValueError, match="is not a valid"):
            finish(session)
    assert get_last_position(session) == before


def test_the_guide_lists_every_word_of_the_feed() -> None:
    guide = (Path(__file__).parents[3] / "docs/department.md").read_text()
    for word in (*Subject, *Action):
        assert f"| `{word}` | {word.line} |" in guide
