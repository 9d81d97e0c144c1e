import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from service.audit.commands import record
from service.audit.queries import verify_chain
from service.core.actor import COMMAND_LINE
from service.core.database import Database, finish
from tests.database import TestDatabase


def write_three(session: Session) -> None:
    for number in range(3):
        record(session, actor=COMMAND_LINE, action="test:write", subject=str(number), count=number)
    finish(session)


def test_a_chain_that_nobody_touched_is_whole(session: Session) -> None:
    write_three(session)
    verdict = verify_chain(session)
    assert verdict.is_whole
    assert verdict.entries >= 3


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("update audit_entry set actor = 'person:x' where position = 2", 2),
        ("update audit_entry set detail = '{\"count\": 9}' where position = 2", 2),
        ("update audit_entry set at = at + interval '1 microsecond' where position = 3", 3),
        ("delete from audit_entry where position = 2", 3),
        ("delete from audit_entry where position = 3", 3),
    ],
)
def test_tampering_is_found_where_it_happened(
    fresh_database: TestDatabase, tampering: str, broken: int
) -> None:
    owner = Database(fresh_database.owner_url)
    with owner.session() as session:
        write_three(session)
    with owner.session() as session:
        session.execute(text(tampering))
    with owner.reading() as session:
        assert verify_chain(session).first_broken == broken
    owner.dispose()


@pytest.mark.parametrize(
    "deed",
    [
        "update feed_counter set last = 0 where name = 'audit'",
        "update feed_counter set last = last - 1 where name = 'change'",
        "delete from feed_counter",
        "insert into feed_counter (name) values ('other')",
        "truncate feed_counter",
        "drop trigger follow_audit_chain on audit_entry",
        "alter table audit_entry disable trigger all",
        "create or replace function follow_audit_chain() returns trigger language plpgsql "
        "as 'begin return null; end'",
    ],
)
def test_the_application_cannot_set_a_counter_back(session: Session, deed: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        session.execute(text(deed))


@pytest.mark.parametrize("position", [0, 1, 3])
def test_an_entry_that_does_not_follow_the_last_is_refused(session: Session, position: int) -> None:
    first = session.scalar(text("select last from feed_counter where name = 'audit'")) or 0
    write_three(session)
    wanted = {"p": first + position, "h": b"x"}
    statement = text(
        "insert into audit_entry (position, actor, action, subject, detail, hash) "
        "values (:p, 'system:x', 'test:write', 'x', '{}', :h)"
    )
    with pytest.raises(DBAPIError, match=r"does not follow the last one|duplicate key"):
        session.execute(statement, wanted)


def test_positions_of_changes_only_go_forward(session: Session) -> None:
    take = text("select take_change_positions(:n)")
    first = session.scalar(take, {"n": 3})
    assert session.scalar(take, {"n": -3}) == first
    assert session.scalar(take, {"n": 2}) == (first or 0) + 2


@pytest.mark.parametrize("table", ["audit_entry", "change"])
@pytest.mark.parametrize("deed", ["delete from {}", "update {} set at = now()", "truncate {}"])
def test_the_application_cannot_rewrite_history(session: Session, table: str, deed: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(deed.format(table)))
