import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
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


@pytest.mark.parametrize("table", ["audit_entry", "change"])
@pytest.mark.parametrize("deed", ["delete from {}", "update {} set at = now()", "truncate {}"])
def test_the_application_cannot_rewrite_history(session: Session, table: str, deed: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(deed.format(table)))
