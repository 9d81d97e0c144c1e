import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from service.areas.queries import load_duty_register
from service.changes.commands import Action, ChangeNote, Subject, record
from service.changes.queries import get_last_position, list_changes
from service.core.clock import today
from service.core.database import Database, Session
from tests.database import TestDatabase
from tests.factories.areas import make_area, make_duty


def add_duty(database: Database, code: str) -> None:
    with database.session() as session:
        duty = make_duty(session, make_area(session, code=code))
        record(session, [ChangeNote(Subject.DUTY, str(duty.id), Action.NEW, "")])


def count_duties(session: Session) -> int:
    return sum(map(len, load_duty_register(session, today()).by_area.values()))


def test_a_snapshot_is_one_moment_and_tells_its_position(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    add_duty(database, "G1")
    with database.snapshot() as snapshot:
        position = get_last_position(snapshot)
        add_duty(database, "G2")
        assert (get_last_position(snapshot), count_duties(snapshot)) == (position, 1)
        assert list_changes(snapshot, after=position) == []
    with database.reading() as session:
        assert (len(list_changes(session, after=position)), count_duties(session)) == (1, 2)
    database.dispose()


def test_a_snapshot_writes_nothing_and_leaves_the_pool_as_it_was(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url, pool_size=1)
    with (
        pytest.raises(InternalError, match="read-only transaction"),
        database.snapshot() as snapshot,
    ):
        snapshot.execute(text("delete from duty"))
    with database.session() as session:
        session.execute(text("delete from duty"))
        assert session.scalar(text("show transaction_isolation")) == "read committed"
    database.dispose()
